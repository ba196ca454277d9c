/** Finding a quick reply by what is typed behind "/", and filling its variables. Plain functions. */

export interface Reply {
  id: number;
  group: string;
  title: string;
  text: string;
  /** the title's initials and whole pinyin, with spaces between: "why wenhouyu" */
  pinyin: string;
}

export interface Slash {
  /** where the "/" stands */
  start: number;
  query: string;
}

const LONGEST_QUERY = 20;
/** "/" begins a reply at the start of a line, or behind a space or a sign that ends words; "and/or" and "3/4" are left alone. */
const BEFORE = /[\s\u3000-\u303f\uff00-\uff0f\uff1a-\uff20,.;:!?)"']/;

/** The "/" that the cursor stands behind, with what follows it; null where none is being typed. */
export function findSlash(text: string, caret: number): Slash | null {
  const start = text.lastIndexOf("/", caret - 1);
  if (start < 0 || caret - start - 1 > LONGEST_QUERY) return null;
  const before = text[start - 1];
  if (before !== undefined && !BEFORE.test(before)) return null;
  const query = text.slice(start + 1, caret);
  return /[\s/]/.test(query) ? null : { start, query };
}

function rank(reply: Reply, query: string): number {
  const title = reply.title.toLowerCase();
  const keys = reply.pinyin.split(" ");
  if (title.startsWith(query)) return 0;
  if (keys.some((key) => key === query)) return 1;
  if (keys.some((key) => key.startsWith(query))) return 2;
  if (title.includes(query)) return 3;
  if (reply.group.toLowerCase().startsWith(query)) return 4;
  return reply.text.toLowerCase().includes(query) ? 5 : -1;
}

/** The replies that fit, the nearest first; all of them for "/" alone. Letters are looked for in pinyin too. */
export function matchReplies(replies: readonly Reply[], query: string, limit = 8): Reply[] {
  const wanted = query.toLowerCase();
  if (wanted === "") return replies.slice(0, limit);
  return replies
    .map((reply) => ({ reply, at: rank(reply, wanted) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at)
    .slice(0, limit)
    .map(({ reply }) => reply);
}

export type Values = Readonly<Record<string, string | undefined>>;

/** Put values for the words in braces; one that nobody knows stays, for the agent to see. */
export function fillVariables(text: string, values: Values): string {
  return text.replace(/\{([^{}\n]{1,20})\}/g, (whole, name: string) => values[name.trim()] || whole);
}

/** The text with the reply in place of "/query", and where the cursor stands then. */
export function insertReply(
  text: string,
  slash: Slash,
  caret: number,
  words: string,
): { text: string; caret: number } {
  const end = slash.start + words.length;
  return { text: text.slice(0, slash.start) + words + text.slice(caret), caret: end };
}
