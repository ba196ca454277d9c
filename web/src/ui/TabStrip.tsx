import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from "react";
import styles from "./TabStrip.module.css";

export interface Tab {
  key: string;
  label: string;
  content: ReactNode;
}

interface Props {
  tabs: readonly [Tab, ...Tab[]];
  label: string;
  /** Which tab is shown, where somebody else remembers it; an unknown one is the first. */
  shown?: string;
  onShow?: (key: string) => void;
}

/** Tabs by the pattern of WAI-ARIA: arrows move, only the shown panel stands. Weighs a hundredth of Ant Design's. */
export function TabStrip({ tabs, label, shown: given, onShow }: Props) {
  const [own, setOwn] = useState(tabs[0].key);
  const chosen = given ?? own;
  const setChosen = onShow ?? setOwn;
  const id = useId();
  const strip = useRef<HTMLDivElement>(null);
  const shown = tabs.find((tab) => tab.key === chosen) ?? tabs[0];

  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0 || event.altKey) return;
    const at = (tabs.indexOf(shown) + step + tabs.length) % tabs.length;
    const next = tabs[at] ?? tabs[0];
    setChosen(next.key);
    strip.current?.querySelectorAll<HTMLElement>("[role=tab]")[at]?.focus();
  };
  return (
    <div className={styles.tabs}>
      <div ref={strip} className={styles.strip} role="tablist" aria-label={label} onKeyDown={onKeyDown}>
        {tabs.map((tab) => (
          <button
            key={tab.key}
            type="button"
            role="tab"
            id={`${id}-${tab.key}`}
            className={styles.tab}
            aria-selected={tab === shown}
            aria-controls={`${id}-panel`}
            tabIndex={tab === shown ? 0 : -1}
            onClick={() => setChosen(tab.key)}
          >
            {tab.label}
          </button>
        ))}
      </div>
      <div className={styles.panel} role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${shown.key}`}>
        {shown.content}
      </div>
    </div>
  );
}
