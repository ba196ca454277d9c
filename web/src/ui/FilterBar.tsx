import { Input } from "antd";
import { Search } from "lucide-react";
import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from "react";
import styles from "./FilterBar.module.css";

interface Props {
  search: string;
  onSearch: (search: string) => void;
  /** What can be searched by: the field's label and placeholder. */
  placeholder: string;
  /** The list's code, where its views can be saved: what its address shows is kept under a name. */
  views?: string;
  children?: ReactNode;
}

const SavedViews = lazy(async () => ({ default: (await import("./saved-views/SavedViews")).SavedViews }));

const TYPING_PAUSE_MS = 300;

/** The search field of a list with its other filters beside it. Searches when typing pauses, never in the middle of a syllable. */
export function FilterBar({ search, onSearch, placeholder, views, children }: Props) {
  const [text, setText] = useState(search);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [shown, setShown] = useState(search);
  if (shown !== search) {
    setShown(search);
    setText(search);
  }
  useEffect(() => () => clearTimeout(timer.current), []);

  const change = (value: string, isComposing: boolean) => {
    setText(value);
    clearTimeout(timer.current);
    if (!isComposing) timer.current = setTimeout(() => onSearch(value.trim()), TYPING_PAUSE_MS);
  };
  return (
    <search className={styles.bar}>
      <Input
        className={styles.search}
        prefix={<Search size={15} aria-hidden />}
        value={text}
        allowClear
        placeholder={placeholder}
        aria-label={placeholder}
        onChange={(event) => change(event.target.value, (event.nativeEvent as InputEvent).isComposing)}
        onCompositionEnd={(event) => change(event.currentTarget.value, false)}
        onPressEnter={() => onSearch(text.trim())}
      />
      {children}
      {views && (
        <Suspense fallback={null}>
          <SavedViews list={views} />
        </Suspense>
      )}
    </search>
  );
}
