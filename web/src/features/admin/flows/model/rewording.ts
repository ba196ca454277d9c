import { LANGUAGES, type Language } from "./languages";
import type { Prompt } from "./prompts";

/** A prompt whose words change: what it says then, by language. */
export interface Reworded {
  key: string;
  before: Partial<Record<Language, string>>;
  texts: Partial<Record<Language, string>>;
  /** A person's voice would give way to a made one. */
  isRecorded: boolean;
}

/** Replace words in every prompt that says them; nothing for an empty search. */
export function reword(prompts: readonly Prompt[], find: string, replacement: string): Reworded[] {
  if (find === "") return [];
  return prompts.flatMap((prompt) => {
    const before: Reworded["before"] = {};
    const texts: Reworded["texts"] = {};
    let isRecorded = false;
    for (const language of LANGUAGES) {
      const text = prompt.texts[language];
      if (!text?.includes(find)) continue;
      const changed = text.replaceAll(find, replacement).trim();
      if (changed === text || changed === "") continue;
      before[language] = text;
      texts[language] = changed;
      isRecorded ||= ["uploaded", "recorded"].includes(prompt.sources[language] ?? "");
    }
    return Object.keys(texts).length > 0 ? [{ key: prompt.key, before, texts, isRecorded }] : [];
  });
}
