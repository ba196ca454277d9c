import { piecesOf } from "../model/mentions";
import type { Person } from "../model/queries";
import styles from "./Entry.module.css";

/** A note's text with its mentions marked; everything else is plain text. */
export function MentionText({ text, mentions }: { text: string; mentions: readonly Person[] }) {
  let at = 0;
  return (
    <>
      {piecesOf(text, mentions).map((piece) => {
        const key = at;
        at += piece.text.length;
        return piece.isMention ? (
          <span key={key} className={styles.mention}>
            {piece.text}
          </span>
        ) : (
          piece.text
        );
      })}
    </>
  );
}
