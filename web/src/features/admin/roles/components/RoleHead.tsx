import { useNavigate } from "@tanstack/react-router";
import { App, Button, Dropdown, type MenuProps } from "antd";
import { ChevronDown, Copy, Eye, Pencil, Trash2, Users } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { problemText } from "@/api/problem-text";
import { beginView } from "@/features/viewing";
import { localName } from "@/lib/names";
import { useRemoval } from "../../model/useRemoval";
import { type Role, removeRole } from "../model/queries";
import { RoleDrawer } from "./RoleDrawer";

/** A role at the head of its column, and what can be done with it. */
export function RoleHead({ role }: { role: Role }) {
  const { t, i18n } = useTranslation("roles");
  const { message } = App.useApp();
  const ask = useRemoval();
  const navigate = useNavigate();
  const [drawer, setDrawer] = useState<"copy" | "edit" | null>(null);
  const name = localName(role, i18n.language);
  const remove = () =>
    ask({
      name,
      hint: t("removeHint"),
      onRemove: async () => {
        await removeRole(role.id);
        message.success(t("removed", { name }));
      },
    });
  const items: MenuProps["items"] = [
    { key: "copy", icon: <Copy size={16} />, label: t("copy"), onClick: () => setDrawer("copy") },
    {
      key: "view",
      icon: <Eye size={16} />,
      label: t("viewAs"),
      onClick: () =>
        void beginView({ role: role.code }).catch((error: unknown) => message.error(problemText(error))),
    },
    {
      key: "users",
      icon: <Users size={16} />,
      label: t("whoHasIt", { count: role.users }),
      onClick: () =>
        void navigate({
          to: "/admin/$section",
          params: { section: "users" },
          search: { role: role.code },
        }),
    },
    ...(role.is_built_in
      ? []
      : [
          { key: "edit", icon: <Pencil size={16} />, label: t("rename"), onClick: () => setDrawer("edit") },
          { key: "remove", danger: true, icon: <Trash2 size={16} />, label: t("remove"), onClick: remove },
        ]),
  ];
  return (
    <>
      <Dropdown menu={{ items }} trigger={["click"]}>
        <Button
          type="text"
          size="small"
          style={{ marginInlineStart: -8 }}
          icon={<ChevronDown size={14} />}
          iconPlacement="end"
          aria-label={t("actionsNamed", { name })}
        >
          {name}
        </Button>
      </Dropdown>
      {drawer && (
        <RoleDrawer
          edited={drawer === "edit" ? role : null}
          copyOf={drawer === "copy" ? role : null}
          onClose={() => setDrawer(null)}
        />
      )}
    </>
  );
}
