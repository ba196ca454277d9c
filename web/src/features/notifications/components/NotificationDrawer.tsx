import { Button, Drawer } from "antd";
import { CheckCheck, ChevronLeft, Settings2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Choice } from "@/ui/Choice";
import { type Alarm, CATEGORIES, type Category } from "../model/queries";
import { useMarkRead } from "../model/useMarkRead";
import { AlarmList } from "./AlarmList";
import styles from "./NotificationDrawer.module.css";
import { NotificationList } from "./NotificationList";
import { PreferencesForm } from "./PreferencesForm";

interface Props {
  alarms: readonly Alarm[];
  unread: Partial<Record<string, number>>;
  newest: number | undefined;
  onClose: () => void;
}

/** The notification centre: what came, by category, and how one wants to be told. */
export function NotificationDrawer({ alarms, unread, newest, onClose }: Props) {
  const { t } = useTranslation("notifications");
  const [category, setCategory] = useState<Category | "all">("all");
  const [isInSettings, setInSettings] = useState(false);
  const markRead = useMarkRead();
  const chosen = category === "all" ? "" : category;
  const countOf = (one: Category) => {
    const count = unread[one] ?? 0;
    return count > 0 ? `${t(`category.${one}`)} ${count}` : t(`category.${one}`);
  };
  return (
    <Drawer
      open
      size={420}
      title={isInSettings ? t("settings") : t("title")}
      onClose={onClose}
      extra={
        isInSettings ? (
          <Button type="text" icon={<ChevronLeft size={16} />} onClick={() => setInSettings(false)}>
            {t("back")}
          </Button>
        ) : (
          <>
            <Button
              type="text"
              icon={<CheckCheck size={16} />}
              disabled={Object.keys(unread).length === 0 || newest === undefined}
              onClick={() =>
                void markRead({ category: chosen, ...(newest !== undefined && { up_to: newest }) })
              }
            >
              {t("markAll")}
            </Button>
            <Button
              type="text"
              icon={<Settings2 size={16} />}
              aria-label={t("settings")}
              onClick={() => setInSettings(true)}
            />
          </>
        )
      }
    >
      {isInSettings ? (
        <PreferencesForm />
      ) : (
        <div className={styles.centre}>
          {alarms.length > 0 && <AlarmList alarms={alarms} />}
          <Choice<Category | "all">
            label={t("title")}
            value={category}
            options={[
              { value: "all", label: t("all") },
              ...CATEGORIES.map((one) => ({ value: one, label: countOf(one) })),
            ]}
            onChange={setCategory}
          />
          <NotificationList category={chosen} onClose={onClose} />
        </div>
      )}
    </Drawer>
  );
}
