import { Fragment, type ReactNode } from "react";
import { type Block, type Inline, parseMarkdown } from "@/lib/markdown";
import styles from "./Markdown.module.css";

/** Text that people wrote, as Markdown. What stands in it never becomes a tag, a script or an address of ours. */
export function Markdown({ text }: { text: string }) {
  return <div className={styles.text}>{blocksOf(parseMarkdown(text))}</div>;
}

function blocksOf(blocks: readonly Block[]): ReactNode {
  // biome-ignore lint/suspicious/noArrayIndexKey: a text's parts have no other name, and never move
  return blocks.map((block, at) => <Fragment key={at}>{blockOf(block)}</Fragment>);
}

function blockOf(block: Block): ReactNode {
  if (block.kind === "rule") return <hr />;
  if (block.kind === "code") return <pre>{block.text}</pre>;
  if (block.kind === "quote") return <blockquote>{blocksOf(block.blocks)}</blockquote>;
  if (block.kind === "heading") {
    const Heading = (["h3", "h4", "h5"] as const)[block.level - 1] ?? "h5";
    return <Heading>{inlinesOf(block.inside)}</Heading>;
  }
  if (block.kind === "paragraph")
    return (
      <p>
        {block.lines.map((line, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: as above
          <Fragment key={at}>
            {at > 0 && <br />}
            {inlinesOf(line)}
          </Fragment>
        ))}
      </p>
    );
  const List = block.isOrdered ? "ol" : "ul";
  return (
    <List>
      {block.items.map((item, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: as above
        <li key={at}>{inlinesOf(item)}</li>
      ))}
    </List>
  );
}

function inlinesOf(inlines: readonly Inline[]): ReactNode {
  // biome-ignore lint/suspicious/noArrayIndexKey: as above
  return inlines.map((one, at) => <Fragment key={at}>{inlineOf(one)}</Fragment>);
}

function inlineOf(one: Inline): ReactNode {
  if (one.kind === "text") return one.text;
  if (one.kind === "code") return <code>{one.text}</code>;
  if (one.kind !== "link") {
    const Tag = one.kind === "strong" ? "strong" : "em";
    return <Tag>{inlinesOf(one.inside)}</Tag>;
  }
  return (
    <a href={one.to} target="_blank" rel="noopener noreferrer nofollow">
      {inlinesOf(one.inside)}
    </a>
  );
}
