import { useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { useTranslation } from "react-i18next";
import { problemText } from "@/api/problem-text";
import { changeRole, type Role, rolesQuery } from "./queries";

/** Save one cell of the matrix: shown at once, taken back where the server refuses. */
export function useRoleChange(): (role: Role, change: Pick<Partial<Role>, "rights" | "fields">) => void {
  const { t } = useTranslation("roles");
  const { message } = App.useApp();
  const client = useQueryClient();
  return async (role, change) => {
    const show = (next: Role) =>
      client.setQueryData(rolesQuery.queryKey, (roles) =>
        roles?.map((each) => (each.id === next.id ? next : each)),
      );
    show({ ...role, ...change });
    try {
      show(await changeRole(role.id, change as Parameters<typeof changeRole>[1]));
      message.success({ key: "role", content: t("saved", { name: role.name }) });
    } catch (error) {
      message.error(problemText(error));
      await client.invalidateQueries({ queryKey: rolesQuery.queryKey });
    }
  };
}
