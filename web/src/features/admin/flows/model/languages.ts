/** The languages in which callers hear prompts. */
export type Language = "zh" | "en";

export const LANGUAGES: readonly Language[] = ["zh", "en"];
