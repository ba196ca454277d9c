import { App, Button, Switch, type TableProps } from "antd";
import { Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { problemText } from "@/api/problem-text";
import { type CareRule, removeRule, switchRule } from "../model/queries";
import { BEFORE } from "../model/rule";

const FIGURES = ["made", "open", "done", "reached", "refused", "skipped"] as const;

/** A rule a row: when it comes, whether it is on, and what came of its tasks. */
export function useRuleColumns(open: (id: number) => void, refresh: () => Promise<void>) {
  const { t } = useTranslation("care");
  const { message, modal } = App.useApp();
  const doing = async (act: () => Promise<unknown>, done: string) => {
    try {
      await act();
      message.success(done);
    } catch (error) {
      message.error(problemText(error));
    }
    await refresh();
  };
  const columns: NonNullable<TableProps<CareRule>["columns"]> = [
    {
      key: "name",
      title: t("column.name"),
      sorter: true,
      render: (_, { id, name }) => (
        <Button type="link" style={{ padding: 0 }} onClick={() => open(id)}>
          {name}
        </Button>
      ),
    },
    {
      key: "occasion",
      title: t("column.when"),
      sorter: true,
      render: (_, { occasion, days }) =>
        `${t(`occasion.${occasion}`)} · ${days ? t(BEFORE.has(occasion) ? "daysBefore" : "daysAfter", { count: days }) : t("sameDay")}`,
    },
    ...FIGURES.map((name) => ({
      key: name,
      title: t(`figure.${name}`),
      className: "numbers",
      align: "right" as const,
      render: (_: unknown, { figures }: CareRule) => figures[name],
    })),
    {
      key: "is_active",
      title: t("column.state"),
      sorter: true,
      render: (_, rule) => (
        <Switch
          size="small"
          checked={rule.is_active ?? false}
          aria-label={t("switch", { name: rule.name })}
          onChange={(isOn) =>
            void doing(() => switchRule(rule, isOn), t(isOn ? "switchedOn" : "switchedOff"))
          }
        />
      ),
    },
    {
      key: "actions",
      title: <span className="visually-hidden">{t("column.actions")}</span>,
      align: "right",
      render: (_, rule) => (
        <Button
          type="text"
          danger
          icon={<Trash2 size={16} />}
          aria-label={t("remove", { name: rule.name })}
          onClick={() =>
            modal.confirm({
              title: t("removeSure", { name: rule.name }),
              content: t("removeHint"),
              okText: t("removeOk"),
              okButtonProps: { danger: true },
              onOk: () => doing(() => removeRule(rule), t("removed")),
            })
          }
        />
      ),
    },
  ];
  return columns;
}
