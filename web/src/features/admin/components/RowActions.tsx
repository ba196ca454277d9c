import { Button, Tooltip } from "antd";
import { Pencil, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useRemoval } from "../model/useRemoval";
import styles from "./RowActions.module.css";

interface Props {
  name: string;
  /** What deleting it means. */
  hint: string;
  onEdit: () => void;
  onRemove: () => Promise<void>;
  children?: ReactNode;
}

/** What can be done with one row; each button names the row, so that it makes sense read alone. */
export function RowActions({ name, hint, onEdit, onRemove, children }: Props) {
  const { t } = useTranslation("admin");
  const ask = useRemoval();
  return (
    <span className={styles.actions}>
      {children}
      <Tooltip title={t("list.edit")}>
        <Button
          type="text"
          size="small"
          icon={<Pencil size={16} />}
          aria-label={t("list.editNamed", { name })}
          onClick={onEdit}
        />
      </Tooltip>
      <Tooltip title={t("list.remove")}>
        <Button
          type="text"
          size="small"
          icon={<Trash2 size={16} />}
          aria-label={t("list.removeNamed", { name })}
          onClick={() => ask({ name, hint, onRemove })}
        />
      </Tooltip>
    </span>
  );
}
