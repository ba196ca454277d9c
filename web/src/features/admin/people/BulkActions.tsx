import { useQuery } from "@tanstack/react-query";
import { App, Button, Dropdown, Flex, type MenuProps } from "antd";
import { ChevronDown } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { problemText } from "@/api/problem-text";
import { useSettingsChanged } from "../model/queries";
import { organisationQuery } from "../organisation/model/queries";
import { rolesQuery } from "../roles/model/queries";
import { changeUsers } from "./queries";

interface Props {
  selected: readonly number[];
  onDone: () => void;
}

/** The same change for all chosen users: role, team, on or off. */
export function BulkActions({ selected, onDone }: Props) {
  const { t } = useTranslation("people");
  const { message } = App.useApp();
  const changed = useSettingsChanged();
  const roles = useQuery(rolesQuery);
  const organisation = useQuery(organisationQuery);
  if (selected.length === 0) return null;
  const change = async (fields: Omit<Schema<"UsersChangeIn">, "ids">) => {
    try {
      const { changed: count } = await changeUsers({ ids: [...selected], ...fields });
      message.success(t("bulk.done", { count }));
      onDone();
    } catch (error) {
      message.error(problemText(error));
    }
    await changed();
  };
  const menu = (items: NonNullable<MenuProps["items"]>, label: string) => (
    <Dropdown menu={{ items }} trigger={["click"]}>
      <Button icon={<ChevronDown size={14} />} iconPlacement="end">
        {label}
      </Button>
    </Dropdown>
  );
  return (
    <Flex gap={8} wrap align="center" role="group" aria-label={t("bulk.label")}>
      <span>{t("bulk.selected", { count: selected.length })}</span>
      {menu(
        (roles.data ?? []).map(({ code, name }) => ({
          key: code,
          label: name,
          onClick: () => void change({ role: code }),
        })),
        t("bulk.role"),
      )}
      {menu(
        (organisation.data?.teams ?? []).map(({ id, name }) => ({
          key: id,
          label: name,
          onClick: () => void change({ team: id }),
        })),
        t("bulk.team"),
      )}
      <Button onClick={() => void change({ is_active: true })}>{t("bulk.activate")}</Button>
      <Button danger onClick={() => void change({ is_active: false })}>
        {t("bulk.deactivate")}
      </Button>
    </Flex>
  );
}
