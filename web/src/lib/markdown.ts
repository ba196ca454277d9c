/**
 * A small Markdown: headings, paragraphs, lists, quotes, code, emphasis, links. It makes a tree, never HTML: whatever
 * else stands in a text, tags and scripts among it, is text. Links lead to the web and to mail alone.
 */

export type Inline =
  | { kind: "text"; text: string }
  | { kind: "code"; text: string }
  | { kind: "strong" | "emphasis"; inside: readonly Inline[] }
  | { kind: "link"; to: string; inside: readonly Inline[] };

export type Block =
  | { kind: "heading"; level: 1 | 2 | 3; inside: readonly Inline[] }
  | { kind: "paragraph"; lines: readonly (readonly Inline[])[] }
  | { kind: "list"; isOrdered: boolean; items: readonly (readonly Inline[])[] }
  | { kind: "quote"; blocks: readonly Block[] }
  | { kind: "code"; text: string }
  | { kind: "rule" };

const MARK =
  /`([^`\n]+)`|\*\*([^\n]+?)\*\*|\*([^*\n]+?)\*|\[([^\]\n]*)\]\(([^)\s]+)\)|(https?:\/\/[^\s<>"'\uff09)\uff0c\u3002]+)/;
const DEEPEST = 4;

/** Where a link may lead; undefined: nowhere, it is shown as the text it was. */
export function safeAddress(raw: string): string | undefined {
  try {
    const { protocol, href } = new URL(raw);
    return ["http:", "https:", "mailto:"].includes(protocol) ? href : undefined;
  } catch {
    return undefined;
  }
}

export function parseInline(text: string, depth = 0): readonly Inline[] {
  const found: Inline[] = [];
  let rest = text;
  for (;;) {
    const match = depth < DEEPEST ? MARK.exec(rest) : null;
    if (!match) break;
    const [whole, code, strong, emphasis, label, target, bare] = match;
    if (match.index > 0) found.push({ kind: "text", text: rest.slice(0, match.index) });
    const to = safeAddress(target ?? bare ?? "");
    if (code !== undefined) found.push({ kind: "code", text: code });
    else if (strong !== undefined) found.push({ kind: "strong", inside: parseInline(strong, depth + 1) });
    else if (emphasis !== undefined)
      found.push({ kind: "emphasis", inside: parseInline(emphasis, depth + 1) });
    else if (to && bare) found.push({ kind: "link", to, inside: [{ kind: "text", text: bare }] });
    else if (to) found.push({ kind: "link", to, inside: parseInline(label || to, DEEPEST) });
    else found.push({ kind: "text", text: whole });
    rest = rest.slice(match.index + whole.length);
  }
  if (rest) found.push({ kind: "text", text: rest });
  return found;
}

const FENCE = /^```/;
const HEADING = /^(#{1,3})\s+(.*)$/;
const RULE = /^(-{3,}|\*{3,})\s*$/;
const QUOTE = /^>\s?(.*)$/;
const ITEM = /^\s*(?:[-*+]|(\d{1,3})[.)\u3001])\s+(.*)$/;

export function parseMarkdown(text: string, depth = 0): readonly Block[] {
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  const blocks: Block[] = [];
  /** Take the lines from here on that fit. */
  const taken = (at: number, fits: (line: string) => boolean) => {
    let end = at;
    while (end < lines.length && fits(lines[end] ?? "")) end += 1;
    return lines.slice(at, end);
  };
  const isPlain = (line: string) =>
    line.trim() !== "" && ![FENCE, HEADING, RULE, QUOTE, ITEM].some((form) => form.test(line));

  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? "";
    const heading = HEADING.exec(line);
    if (line.trim() === "") at += 1;
    else if (FENCE.test(line)) {
      const code = taken(at + 1, (one) => !FENCE.test(one));
      blocks.push({ kind: "code", text: code.join("\n") });
      at += code.length + 2;
    } else if (heading) {
      const level = (heading[1]?.length ?? 1) as 1 | 2 | 3;
      blocks.push({ kind: "heading", level, inside: parseInline(heading[2] ?? "") });
      at += 1;
    } else if (RULE.test(line)) {
      blocks.push({ kind: "rule" });
      at += 1;
    } else if (QUOTE.test(line) && depth < DEEPEST) {
      const quoted = taken(at, (one) => QUOTE.test(one));
      const inner = quoted.map((one) => QUOTE.exec(one)?.[1] ?? "").join("\n");
      blocks.push({ kind: "quote", blocks: parseMarkdown(inner, depth + 1) });
      at += quoted.length;
    } else if (ITEM.test(line)) {
      const items = taken(at, (one) => ITEM.test(one));
      blocks.push({
        kind: "list",
        isOrdered: ITEM.exec(line)?.[1] !== undefined,
        items: items.map((one) => parseInline(ITEM.exec(one)?.[2] ?? "")),
      });
      at += items.length;
    } else {
      const plain = taken(at, isPlain);
      const shown = plain.length > 0 ? plain : [line];
      blocks.push({ kind: "paragraph", lines: shown.map((one) => parseInline(one)) });
      at += shown.length;
    }
  }
  return blocks;
}

/** The words alone, in one line: for a bar and a list. */
export function plainText(text: string): string {
  const wordsOf = (inside: readonly Inline[]): string =>
    inside.map((one) => ("text" in one ? one.text : wordsOf(one.inside))).join("");
  const of = (block: Block): string => {
    if (block.kind === "heading") return wordsOf(block.inside);
    if (block.kind === "paragraph") return block.lines.map(wordsOf).join(" ");
    if (block.kind === "list") return block.items.map(wordsOf).join(" · ");
    if (block.kind === "quote") return block.blocks.map(of).join(" ");
    return block.kind === "code" ? block.text : "";
  };
  return parseMarkdown(text).map(of).filter(Boolean).join(" ");
}
