import { Input, type InputRef } from "antd";
import { type DragEvent, memo, type RefObject, useState } from "react";
import { useTranslation } from "react-i18next";
import { lookOf } from "../model/kind-looks";
import type { KnownKinds } from "../model/useKinds";
import styles from "./Palette.module.css";

/** What a dragged kind is called to whatever it is dropped on. */
export const DRAGGED = "application/x-zhiyin-step";

interface Props {
  known: KnownKinds;
  search: RefObject<InputRef | null>;
  onAdd: (kind: string) => void;
}

/** The kinds of step: dragged onto the canvas, or added after what is selected by a click or Enter. */
export const Palette = memo(function Palette({ known, search, onAdd }: Props) {
  const { t } = useTranslation("flows");
  const [wanted, setWanted] = useState("");
  const found = [...known.kinds.values()].filter(
    ({ kind, name, name_en }) =>
      kind !== "start" &&
      [kind, name, name_en].some((word) => word.toLowerCase().includes(wanted.trim().toLowerCase())),
  );
  const [first] = found;
  return (
    <section className={styles.palette} aria-label={t("canvas.palette")}>
      <Input
        ref={search}
        allowClear
        value={wanted}
        placeholder={t("canvas.findKind")}
        aria-label={t("canvas.findKind")}
        onChange={(event) => setWanted(event.target.value)}
        onPressEnter={(event) => {
          if (event.nativeEvent.isComposing || !first) return;
          onAdd(first.kind);
          setWanted("");
        }}
      />
      <ul className={styles.kinds}>
        {found.map(({ kind }) => (
          <li key={kind}>
            <KindButton kind={kind} name={known.nameOf(kind)} onAdd={() => onAdd(kind)} />
          </li>
        ))}
      </ul>
      <p className={styles.hint}>{t(found.length > 0 ? "canvas.paletteHint" : "canvas.noKind")}</p>
    </section>
  );
});

function KindButton({ kind, name, onAdd }: { kind: string; name: string; onAdd: () => void }) {
  const { icon: Icon, tone } = lookOf(kind);
  const drag = (event: DragEvent) => {
    event.dataTransfer.setData(DRAGGED, kind);
    event.dataTransfer.effectAllowed = "copy";
  };
  return (
    <button
      type="button"
      className={styles.kind}
      data-tone={tone}
      draggable
      onDragStart={drag}
      onClick={onAdd}
    >
      <span className={styles.icon}>
        <Icon size={16} aria-hidden />
      </span>
      {name}
    </button>
  );
}
