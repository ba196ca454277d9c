import type { Person } from "./queries";

/** Those of the people whose "@name" still stands in the text: who was deleted from it is not mentioned. */
export function mentionedIn(text: string, people: readonly Person[]): number[] {
  return [...new Set(people.filter(({ name }) => text.includes(`@${name}`)).map(({ id }) => id))];
}

export interface Piece {
  text: string;
  isMention: boolean;
}

/** The text cut into plain pieces and mentions. The longest name wins where one begins like another. */
export function piecesOf(text: string, mentions: readonly Person[]): Piece[] {
  const names = mentions.map(({ name }) => `@${name}`).sort((a, b) => b.length - a.length);
  const pieces: Piece[] = [];
  let plain = "";
  for (let at = 0; at < text.length; ) {
    const name = names.find((each) => text.startsWith(each, at));
    if (!name) {
      plain += text[at];
      at += 1;
      continue;
    }
    if (plain) pieces.push({ text: plain, isMention: false });
    pieces.push({ text: name, isMention: true });
    plain = "";
    at += name.length;
  }
  return plain ? [...pieces, { text: plain, isMention: false }] : pieces;
}

/** What stands behind the "@" that is being typed at the end of the text; undefined where there is none. */
export function typedName(text: string): string | undefined {
  return /@([^\s@]{0,30})$/.exec(text)?.[1];
}
