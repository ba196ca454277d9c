import { Checkbox, Select, Table, type TableProps } from "antd";
import { useTranslation } from "react-i18next";
import { NotMeasured } from "@/ui/NotMeasured";
import { grouped, NAME_WIDTH, ROLE_WIDTH, SCOPES, type Scope, withRight } from "../model/matrix";
import type { GrantableRight, Role } from "../model/queries";
import { useRoleChange } from "../model/useRoleChange";
import { RoleHead } from "./RoleHead";

interface Props {
  rights: readonly GrantableRight[];
  roles: readonly Role[];
}

type Line = { key: string; group?: string; right?: GrantableRight };

/** Rights down, roles across; each cell says over whose things the right holds. */
export function RightsTable({ rights, roles }: Props) {
  const { t, i18n } = useTranslation("roles");
  const lines: Line[] = grouped(rights).flatMap(([group, within]) => [
    { key: group, group },
    ...within.map((right) => ({ key: right.code, right })),
  ]);
  const wordOf = (right: GrantableRight) => (i18n.language === "zh" ? right.zh : right.en);
  const columns: NonNullable<TableProps<Line>["columns"]> = [
    {
      key: "right",
      title: t("right"),
      fixed: "start",
      width: NAME_WIDTH,
      render: (_, { group, right }) => {
        if (right) return wordOf(right);
        return <b>{t(`groups.${group as "desk"}`, { defaultValue: group })}</b>;
      },
    },
    ...roles.map((role) => ({
      key: role.code,
      title: (
        <NotMeasured>
          <RoleHead role={role} />
        </NotMeasured>
      ),
      width: ROLE_WIDTH,
      render: (_: unknown, { right }: Line) =>
        right && <RightCell role={role} right={right} word={wordOf(right)} />,
    })),
  ];
  return (
    <Table<Line>
      aria-label={t("rights")}
      size="small"
      rowKey="key"
      columns={columns}
      dataSource={lines}
      pagination={false}
      sticky
      tableLayout="fixed"
      scroll={{ x: NAME_WIDTH + roles.length * ROLE_WIDTH }}
    />
  );
}

function RightCell({ role, right, word }: { role: Role; right: GrantableRight; word: string }) {
  const { t } = useTranslation("roles");
  const change = useRoleChange();
  const scope = (role.rights[right.code] as Scope | undefined) ?? null;
  const label = t("cell", { role: role.name, right: word });
  if (role.is_built_in) {
    if (scope === null) return "–";
    return right.has_scopes ? t(`scopes.${scope}`) : t("granted");
  }
  const give = (next: Scope | null) => change(role, { rights: withRight(role, right.code, next) });
  if (!right.has_scopes)
    return (
      <Checkbox
        checked={scope !== null}
        aria-label={label}
        onChange={(event) => give(event.target.checked ? "all" : null)}
      />
    );
  return (
    <Select<Scope | "none">
      aria-label={label}
      size="small"
      variant="filled"
      value={scope ?? "none"}
      onChange={(next) => give(next === "none" ? null : next)}
      style={{ width: 120 }}
      options={[
        { value: "none", label: t("none") },
        ...SCOPES.map((each) => ({ value: each, label: t(`scopes.${each}`) })),
      ]}
    />
  );
}
