import { App, Tag, Tree, type TreeProps } from "antd";
import { Building, UsersRound } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { problemText } from "@/api/problem-text";
import { useSettingsChanged } from "../../model/queries";
import { changeDepartment, changeTeam, type Organisation } from "../model/queries";
import { type Branch, buildTree, type Move, moveOf } from "../model/tree";

interface Props {
  organisation: Organisation;
  selected: string | null;
  onSelect: (key: string | null) => void;
}

/** Departments with their teams; a branch is moved by dragging, or in its form by choosing what it stands below. */
export function OrganisationTree({ organisation, selected, onSelect }: Props) {
  const { t } = useTranslation("organisation");
  const { message } = App.useApp();
  const changed = useSettingsChanged();
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const branches = useMemo(() => buildTree(organisation), [organisation]);
  const move = async ({ kind, id, below, position }: Move) => {
    try {
      if (kind === "team") await changeTeam(id, { department: below, position });
      else await changeDepartment(id, { parent: below, position });
      message.success(t("moved"));
    } catch (error) {
      message.error(problemText(error));
    }
    await changed();
  };
  const drop: TreeProps["onDrop"] = ({ dragNode, node, dropToGap, dropPosition }) => {
    const place = Number(node.pos.split("-").at(-1));
    const beside = dropPosition < place ? "before" : "after";
    const gap = dropToGap ? beside : null;
    const meant = moveOf(organisation, String(dragNode.key), String(node.key), gap);
    if (meant) void move(meant);
    else message.info(t("cannotMove"));
  };
  const toNode = (branch: Branch): NonNullable<TreeProps["treeData"]>[number] => ({
    key: branch.key,
    icon: branch.department ? <Building size={16} /> : <UsersRound size={16} />,
    title: branch.department ? (
      <>
        {branch.department.name} {branch.department.head_name && <Tag>{branch.department.head_name}</Tag>}
      </>
    ) : (
      <>
        {branch.team?.name} <Tag>{t("members", { count: branch.team?.members ?? 0 })}</Tag>
        {branch.team?.lead_name && <Tag color="blue">{t("ledBy", { name: branch.team.lead_name })}</Tag>}
      </>
    ),
    children: branch.children.map(toNode),
  });
  return (
    <Tree
      aria-label={t("tree")}
      treeData={branches.map(toNode)}
      // all but what somebody folded up: what is new is seen
      expandedKeys={organisation.departments.map(({ id }) => `d${id}`).filter((key) => !folded.has(key))}
      onExpand={(_, { node, expanded }) => {
        const rest = [...folded].filter((key) => key !== node.key);
        setFolded(new Set(expanded ? rest : [...rest, String(node.key)]));
      }}
      showIcon
      blockNode
      draggable={{ icon: false }}
      selectedKeys={selected ? [selected] : []}
      onSelect={([key]) => onSelect(key === undefined ? null : String(key))}
      onDrop={drop}
    />
  );
}
