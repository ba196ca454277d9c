import { Button, Dropdown } from "antd";
import { EllipsisVertical } from "lucide-react";
import { useTranslation } from "react-i18next";
import { ACT_KEYS, type Act } from "../model/acts";
import styles from "./InterventionMenu.module.css";

interface Props {
  acts: readonly Act[];
  /** Whom it concerns, for screen readers. */
  name: string;
  onAct: (act: Act) => void;
}

/** What a lead may do to one waiting contact, each with its key. */
export function InterventionMenu({ acts, name, onAct }: Props) {
  const { t } = useTranslation("interventions");
  if (acts.length === 0) return null;
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items: acts.map((act) => ({
          key: act,
          danger: act === "end",
          label: (
            <span className={styles.choice}>
              {t(`act.${act}`)}
              <kbd className={styles.key}>{ACT_KEYS[act].toUpperCase()}</kbd>
            </span>
          ),
          onClick: () => onAct(act),
        })),
      }}
    >
      <Button
        type="text"
        size="small"
        icon={<EllipsisVertical size={16} />}
        aria-label={t("menuOf", { name })}
      />
    </Dropdown>
  );
}
