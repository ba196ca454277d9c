import { useQuery } from "@tanstack/react-query";
import { use, useEffect, useEffectEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { repliesQuery } from "@/api/quick-replies";
import { sessionQuery } from "@/api/session";
import { isComposing } from "@/lib/hotkeys";
import { formatInstant } from "@/lib/time";
import styles from "./QuickReplies.module.css";
import { fillVariables, insertReply, matchReplies, type Reply, type Slash, type Values } from "./slash";
import { ReplyContext } from "./values";

interface Props {
  field: HTMLTextAreaElement;
  slash: Slash;
  id: string;
  onClose: () => void;
}

/** Write into a field as typing does, so that whoever listens to it hears of it; Ctrl Z takes it back where browsers let it. */
function write(field: HTMLTextAreaElement, from: number, to: number, words: string): void {
  field.focus();
  field.setSelectionRange(from, to);
  if (document.execCommand?.("insertText", false, words)) return;
  field.setRangeText(words, from, to, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** The replies that fit what stands behind "/": arrows move, Enter or Tab writes, Escape closes. The cursor stays in the field. */
export function QuickReplyMenu({ field, slash, id, onClose }: Props) {
  const { t } = useTranslation("quick-replies");
  const values = useValues();
  const { data, isPending } = useQuery(repliesQuery);
  const found = matchReplies(data ?? [], slash.query);
  const [at, setAt] = useState(0);
  const [query, setQuery] = useState(slash.query);
  if (query !== slash.query) {
    setQuery(slash.query);
    setAt(0);
  }
  const active = found[at];

  const choose = (reply: Reply) => {
    const caret = slash.start + 1 + slash.query.length;
    const words = fillVariables(reply.text, values);
    const written = insertReply(field.value, slash, caret, words);
    write(field, slash.start, caret, words);
    field.setSelectionRange(written.caret, written.caret);
    onClose();
  };
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (isComposing(event) || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape") onClose();
    else if (found.length === 0 || !active) return;
    else if (event.key === "ArrowDown") setAt((at + 1) % found.length);
    else if (event.key === "ArrowUp") setAt((at - 1 + found.length) % found.length);
    else if ((event.key === "Enter" && !event.shiftKey) || event.key === "Tab") choose(active);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event);
    field.addEventListener("keydown", listen);
    return () => field.removeEventListener("keydown", listen);
  }, [field]);
  const activeId = active ? `${id}-${active.id}` : "";
  useEffect(() => {
    field.setAttribute("aria-activedescendant", activeId);
    document.getElementById(activeId)?.scrollIntoView?.({ block: "nearest" });
    return () => field.removeAttribute("aria-activedescendant");
  }, [field, activeId]);

  if (isPending) return null;
  if (found.length === 0)
    return (
      <p className={styles.menu} role="status">
        <span className={styles.none}>{data?.length ? t("none") : t("empty")}</span>
      </p>
    );
  return (
    <div className={styles.menu} role="listbox" id={id} aria-label={t("label")}>
      {found.map((reply) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the field that has the focus takes the keys
        <div
          key={reply.id}
          id={`${id}-${reply.id}`}
          role="option"
          tabIndex={-1}
          aria-selected={reply === active}
          className={styles.option}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => choose(reply)}
        >
          <span className={styles.head}>
            <strong>{reply.title}</strong>
            <span className={styles.group}>{reply.group}</span>
          </span>
          <span className={styles.text}>{fillVariables(reply.text, values)}</span>
        </div>
      ))}
    </div>
  );
}

/** The variables by their names in both languages: whoever wrote a reply may have had the other one. */
function useValues(): Values {
  const { t } = useTranslation("quick-replies");
  const { customer, company, number, queue } = use(ReplyContext);
  const session = useQuery(sessionQuery).data;
  const now = formatInstant(new Date().toISOString(), session?.company?.time_zone ?? "Asia/Shanghai");
  const [day = "", time = ""] = now.split(" ");
  const values = {
    customer,
    company,
    number,
    queue,
    agent: session?.user?.name,
    us: session?.company?.name,
    day,
    time,
  };
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => [
      [key, value],
      [t(`variables.${key as keyof typeof values}`), value],
      [t(`also.${key as keyof typeof values}`), value],
    ]),
  );
}
