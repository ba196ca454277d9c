import { lazy, Suspense, type TextareaHTMLAttributes, useId, useRef, useState } from "react";
import styles from "./GrowingTextArea.module.css";
import { findSlash, type Slash } from "./quick-replies/slash";

type Props = Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, "className" | "rows" | "style">;

const QuickReplyMenu = lazy(async () => ({
  default: (await import("./quick-replies/QuickReplyMenu")).QuickReplyMenu,
}));

/**
 * A text field that grows with what is typed, to eight lines; "/" offers quick replies. It grows by CSS alone: Ant
 * Design's `autoSize` measures with a style attribute, which the page's policy forbids, and weighs six kB.
 */
export function GrowingTextArea(props: Props) {
  const field = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const [slash, setSlash] = useState<Slash | null>(null);
  const look = (isComposing: boolean) => {
    const { value = "", selectionStart = 0 } = field.current ?? {};
    setSlash(isComposing ? null : findSlash(value, selectionStart));
  };
  return (
    <span className={styles.holder}>
      <textarea
        {...props}
        ref={field}
        rows={3}
        className={styles.area}
        aria-controls={slash ? id : undefined}
        onInput={(event) => look((event.nativeEvent as InputEvent).isComposing)}
        onCompositionEnd={() => look(false)}
        onBlur={(event) => {
          setSlash(null);
          props.onBlur?.(event);
        }}
      />
      {slash && field.current && (
        <Suspense fallback={null}>
          <QuickReplyMenu field={field.current} slash={slash} id={id} onClose={() => setSlash(null)} />
        </Suspense>
      )}
    </span>
  );
}
