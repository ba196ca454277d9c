import { Modal } from "antd";
import { Search } from "lucide-react";
import { type KeyboardEvent, useDeferredValue, useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useUser } from "@/api/session";
import { isComposing } from "@/lib/hotkeys";
import { KbdHint } from "@/ui/KbdHint";
import { grouped, type Item, withRecent } from "./items";
import styles from "./Palette.module.css";
import { useItems } from "./useItems";

function readRecent(key: string): string[] {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "[]") as string[];
  } catch {
    return [];
  }
}

/** Find and do anything from the keyboard: customers, pages, settings, actions, a number to dial. */
export function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("palette");
  const id = useId();
  const key = `zhiyin.palette.${useUser()?.id ?? 0}`;
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const [recent] = useState(() => readRecent(key));
  const found = useItems(useDeferredValue(text));
  const remembered = recent.flatMap((each) => found.filter((item) => item.id === each));
  const shown: Item[] =
    text.trim() === ""
      ? [
          ...remembered.map((item): Item => ({ ...item, group: "recent" })),
          ...found.filter((item) => !recent.includes(item.id)),
        ]
      : found;
  const active = shown[Math.min(at, shown.length - 1)];
  const activeId = active ? `${id}-${active.id.replace(/\W/g, "-")}` : undefined;
  useEffect(() => {
    if (activeId) document.getElementById(activeId)?.scrollIntoView?.({ block: "nearest" });
  }, [activeId]);

  const choose = (item: Item) => {
    localStorage.setItem(key, JSON.stringify(withRecent(recent, item.id)));
    onClose();
    item.run();
  };
  const onKey = (event: KeyboardEvent) => {
    if (isComposing(event.nativeEvent)) return;
    const index = active ? shown.indexOf(active) : 0;
    if (event.key === "ArrowDown") setAt((index + 1) % Math.max(1, shown.length));
    else if (event.key === "ArrowUp") setAt((index - 1 + shown.length) % Math.max(1, shown.length));
    else if (event.key === "Enter" && active) choose(active);
    else return;
    event.preventDefault();
  };
  return (
    <Modal
      open
      footer={null}
      closable={false}
      onCancel={onClose}
      width={600}
      title={<span className="visually-hidden">{t("title")}</span>}
      style={{ top: 80 }}
    >
      <div className={styles.field}>
        <Search size={18} aria-hidden />
        <input
          // biome-ignore lint/a11y/noAutofocus: the palette is opened to type into it
          autoFocus
          className={styles.input}
          value={text}
          role="combobox"
          aria-expanded
          aria-controls={id}
          aria-activedescendant={activeId}
          aria-label={t("title")}
          placeholder={t("placeholder")}
          maxLength={100}
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKey}
        />
        <KbdHint keys="Esc" />
      </div>
      <div role="listbox" id={id} aria-label={t("title")} className={styles.list}>
        {[...grouped(shown)].map(([group, items]) => (
          // biome-ignore lint/a11y/useSemanticElements: a group of options, not of fields
          <div key={group} role="group" aria-label={t(`groups.${group}`)}>
            <div className={styles.group} aria-hidden>
              {t(`groups.${group}`)}
            </div>
            {items.map((item) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the field that has the focus takes the keys
              <div
                key={item.id}
                id={`${id}-${item.id.replace(/\W/g, "-")}`}
                role="option"
                tabIndex={-1}
                aria-selected={item === active}
                className={styles.item}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => choose(item)}
              >
                <span>{item.label}</span>
                {item.hint && <span className={styles.hint}>{item.hint}</span>}
              </div>
            ))}
          </div>
        ))}
      </div>
      {shown.length === 0 && (
        <p role="status" className={styles.hint}>
          {t("none", { text: text.trim() })}
        </p>
      )}
    </Modal>
  );
}
