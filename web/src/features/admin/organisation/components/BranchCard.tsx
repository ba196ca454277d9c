import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { App, Button, Descriptions, Flex, List } from "antd";
import { Pencil, Plus, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Card } from "@/ui/Page";
import { users } from "../../model/api";
import { listQuery } from "../../model/queries";
import { useRemoval } from "../../model/useRemoval";
import { type Organisation, removeDepartment, removeTeam } from "../model/queries";
import { pathName } from "../model/tree";

interface Props {
  organisation: Organisation;
  /** "d3" or "t7" */
  selected: string;
  onEdit: () => void;
  onAddDepartment: (below: number) => void;
  onAddTeam: (within: number) => void;
  onGone: () => void;
}

/** What the chosen branch is, who is in it, and what can be done with it. */
export function BranchCard({ organisation, selected, onEdit, onAddDepartment, onAddTeam, onGone }: Props) {
  const { t } = useTranslation("organisation");
  const { message } = App.useApp();
  const ask = useRemoval();
  const id = Number(selected.slice(1));
  const department = selected.startsWith("d")
    ? organisation.departments.find((each) => each.id === id)
    : null;
  const team = selected.startsWith("t") ? organisation.teams.find((each) => each.id === id) : null;
  const branch = department ?? team;
  if (!branch) return null;
  const remove = () =>
    ask({
      name: branch.name,
      hint: department ? t("removeDepartmentHint") : t("removeTeamHint"),
      onRemove: async () => {
        await (department ? removeDepartment(id) : removeTeam(id));
        message.success(t("removed", { name: branch.name }));
        onGone();
      },
    });
  const within = department ? department.parent : (team?.department ?? null);
  const head = department ? department.head_name : team?.lead_name;
  return (
    <Card
      title={branch.name}
      actions={
        <Flex gap={8} wrap>
          {department && (
            <>
              <Button icon={<Plus size={16} />} onClick={() => onAddTeam(id)}>
                {t("addTeam")}
              </Button>
              <Button icon={<Plus size={16} />} onClick={() => onAddDepartment(id)}>
                {t("addBelow")}
              </Button>
            </>
          )}
          <Button icon={<Pencil size={16} />} onClick={onEdit}>
            {t("editOrMove")}
          </Button>
          <Button danger icon={<Trash2 size={16} />} onClick={remove}>
            {t("remove")}
          </Button>
        </Flex>
      }
    >
      <Descriptions
        column={1}
        size="small"
        items={[
          {
            key: "within",
            label: department ? t("parent") : t("department"),
            children: within === null ? t("top") : pathName(organisation.departments, within),
          },
          { key: "head", label: department ? t("head") : t("lead"), children: head || t("nobody") },
        ]}
      />
      {team && <Members team={team.id} />}
    </Card>
  );
}

function Members({ team }: { team: number }) {
  const { t } = useTranslation("organisation");
  const found = useQuery(listQuery(users, { team, page_size: 200, sort: "name" }));
  return (
    <List
      size="small"
      header={
        <Link to="/admin/$section" params={{ section: "users" }} search={{ team: String(team) }}>
          {t("manageMembers")}
        </Link>
      }
      loading={found.isPending}
      dataSource={found.data?.items ?? []}
      locale={{ emptyText: t("noMembers") }}
      renderItem={(user) => (
        <List.Item>
          {user.name} <small>{user.role_name}</small>
        </List.Item>
      )}
    />
  );
}
