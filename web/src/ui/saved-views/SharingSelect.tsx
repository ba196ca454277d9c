import { Select } from "antd";
import { useTranslation } from "react-i18next";
import { useRight } from "@/api/session";
import type { Sharing } from "./model";

interface Props {
  id?: string;
  label?: string;
  value?: Sharing;
  onChange?: (sharing: Sharing) => void;
}

/** Who sees a view. With everybody it is shared by whoever may. */
export function SharingSelect({ id, label, value, onChange }: Props) {
  const { t } = useTranslation("saved-views");
  const mayShare = useRight("views.share");
  const choices = (["me", "team", "all"] as const).filter(
    (each) => each !== "all" || mayShare || value === "all",
  );
  return (
    <Select<Sharing>
      {...(id && { id })}
      {...(label && { "aria-label": label })}
      {...(value && { value })}
      options={choices.map((each) => ({ value: each, label: t(`share.${each}`) }))}
      {...(onChange && { onChange })}
      style={{ minWidth: 120 }}
    />
  );
}
