/** Where a text stops being JSON. Browsers tell it in words of their own, or not at all. Pure. */
const SPACE = /[ \t\n\r]*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them inside a string
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SCALAR = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.])/y;

/** Return the offset of the first sign that cannot stand there (the text's length: it ends too early), or null for JSON. */
export function findSlip(text: string): number | null {
  let at = 0;
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match) at += match[0].length;
    return match !== null;
  };
  const sign = (wanted: string): boolean => {
    take(SPACE);
    if (text[at] !== wanted) return false;
    at += 1;
    return true;
  };
  const member = (): boolean => {
    take(SPACE);
    return take(STRING) && sign(":") && value();
  };
  const list = (item: () => boolean, end: string): boolean => {
    if (sign(end)) return true;
    do {
      if (!item()) return false;
    } while (sign(","));
    return sign(end);
  };
  const value = (): boolean => {
    if (sign("{")) return list(member, "}");
    if (sign("[")) return list(value, "]");
    return take(STRING) || take(SCALAR);
  };
  if (!value()) return at;
  take(SPACE);
  return at === text.length ? null : at;
}
