import { Link } from "@tanstack/react-router";
import type { TableProps } from "antd";
import { useTranslation } from "react-i18next";
import { useFieldAccess, useTimeZone } from "@/api/session";
import { formatNumber } from "@/lib/numbers";
import { formatInstant } from "@/lib/time";
import { StatusTag } from "@/ui/StatusTag";
import { shownNumber } from "../model/form";
import { levelTone } from "../model/levels";
import type { Customer } from "../model/queries";
import styles from "./CustomerAbout.module.css";
import { CustomerMarks } from "./CustomerMarks";

/** columns that tell of a field by another name */
const FIELD_OF: Readonly<Record<string, string>> = { number: "numbers", place: "numbers" };

/** `lastContacts`: when each customer was in contact last, as far as it is known yet. */
export function useCustomerColumns(
  lastContacts: ReadonlyMap<number, string> | undefined,
): NonNullable<TableProps<Customer>["columns"]> {
  const { t } = useTranslation(["customers", "api"]);
  const zone = useTimeZone();
  const access = useFieldAccess("customer");
  const columns: NonNullable<TableProps<Customer>["columns"]> = [
    {
      key: "name",
      title: t("field.name"),
      sorter: true,
      render: (_, row) => (
        <Link to="/customers/$customer" params={{ customer: String(row.id) }}>
          <strong>{row.name}</strong>
        </Link>
      ),
    },
    { key: "company", title: t("field.company"), sorter: true, render: (_, row) => row.company || "–" },
    {
      key: "number",
      title: t("field.number"),
      render: (_, row) => {
        const [first, ...others] = row.numbers;
        if (!first) return "–";
        return (
          <span className="numbers">
            {formatNumber(shownNumber(first))}
            {others.length > 0 && ` ${t("list.more", { count: others.length })}`}
          </span>
        );
      },
    },
    { key: "place", title: t("field.place"), render: (_, row) => row.numbers[0]?.place || "–" },
    {
      key: "level",
      title: t("field.level"),
      sorter: true,
      render: (_, row) => <StatusTag tone={levelTone[row.level]}>{t(`api:level.${row.level}`)}</StatusTag>,
    },
    {
      key: "marks",
      title: t("field.marks"),
      render: (_, row) => (
        <span className={styles.marks}>
          <CustomerMarks customer={row} />
        </span>
      ),
    },
    { key: "owner", title: t("field.owner"), render: (_, row) => row.owner?.name ?? "–" },
    {
      key: "last_contact",
      title: t("field.lastContact"),
      render: (_, row) => {
        const at = lastContacts?.get(row.id);
        return <span className="numbers">{at ? formatInstant(at, zone) : "–"}</span>;
      },
    },
    {
      key: "changed_at",
      title: t("field.changed"),
      sorter: true,
      render: (_, row) => <span className="numbers">{formatInstant(row.changed_at, zone)}</span>,
    },
  ];
  // what a role masks or hides cannot be sorted by, and a hidden column says nothing
  return columns
    .filter(({ key }) => access(FIELD_OF[String(key)] ?? String(key)) !== "hide")
    .map((column) =>
      column.sorter && access(String(column.key)) === "mask" ? { ...column, sorter: false } : column,
    );
}
