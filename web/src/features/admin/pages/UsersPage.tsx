import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button, type TableProps } from "antd";
import { FileSpreadsheet, Users } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { sessionQuery } from "@/api/session";
import { StatusTag } from "@/ui/StatusTag";
import { HandOver } from "../components/HandOver";
import { PasswordReset } from "../components/PasswordReset";
import { RecordLink } from "../components/RecordLink";
import { RecordsPage } from "../components/RecordsPage";
import { type User, users } from "../model/api";
import { namesOf } from "../model/names";
import { allQueues } from "../model/queries";
import { useSettingsSearch } from "../model/useSettingsSearch";
import { BulkActions } from "../people/BulkActions";
import { UserActions } from "../people/UserActions";
import { UserFilters } from "../people/UserFilters";

const AbsenceModal = lazy(async () => ({ default: (await import("../people/AbsenceModal")).AbsenceModal }));
const HandOverModal = lazy(async () => ({
  default: (await import("../people/HandOverModal")).HandOverModal,
}));
const UserSignInModal = lazy(async () => ({
  default: (await import("../sign-in/UserSignInModal")).UserSignInModal,
}));
const UserDrawer = lazy(async () => ({ default: (await import("../components/UserDrawer")).UserDrawer }));

const TONES: Record<string, "talk" | "break" | "acw"> = {
  agent: "talk",
  lead: "break",
  administrator: "acw",
};

/** Who may log in, as what, and which queues they serve. */
export function UsersPage() {
  const { t } = useTranslation("admin");
  const { t: tp } = useTranslation("people");
  const { search } = useSettingsSearch();
  const navigate = useNavigate();
  const [selected, setSelected] = useState<readonly number[]>([]);
  const [handing, setHanding] = useState<User | null>(null);
  const [signing, setSigning] = useState<User | null>(null);
  const [away, setAway] = useState<User | null>(null);
  const company = useQuery(sessionQuery).data?.company;
  const queueNames = namesOf(useQuery(allQueues).data, t("list.comma"));
  const [resetting, setResetting] = useState<User | null>(null);
  const [handed, setHanded] = useState<{ username: string; password: string } | null>(null);
  const columns: NonNullable<TableProps<User>["columns"]> = [
    {
      key: "name",
      title: t("users.name"),
      sorter: true,
      render: (_, user) => <RecordLink id={user.id}>{user.name}</RecordLink>,
    },
    { key: "username", title: t("users.username"), sorter: true, dataIndex: "username" },
    {
      key: "role",
      title: t("users.role"),
      sorter: true,
      render: (_, { role, role_name }) => <StatusTag tone={TONES[role] ?? "off"}>{role_name}</StatusTag>,
    },
    { key: "team", title: tp("team"), sorter: true, dataIndex: "team_name" },
    { key: "site", title: tp("site"), sorter: true, dataIndex: "site_name" },
    { key: "queues", title: t("users.queues"), render: (_, user) => queueNames(user.queues) },
    {
      key: "telephone",
      title: t("users.telephone"),
      sorter: true,
      render: (_, user) => t(`users.telephonesShort.${user.telephone}`),
    },
    {
      key: "is_active",
      title: t("users.active"),
      sorter: true,
      render: (_, { is_active }) => (
        <StatusTag tone={is_active ? "ready" : "off"} hasDot>
          {is_active ? t("users.activeYes") : t("users.activeNo")}
        </StatusTag>
      ),
    },
  ];
  return (
    <>
      <RecordsPage<User>
        noun="users"
        icon={Users}
        resource={users}
        columns={columns}
        nameOf={(user) => user.name}
        filter={{ role: search.role ?? "", team: search.team ?? "", site: search.site ?? "" }}
        selection={{ keys: selected, onChange: setSelected }}
        headActions={
          <Button
            icon={<FileSpreadsheet size={16} />}
            onClick={() => void navigate({ to: "/import", search: { kind: "users" } })}
          >
            {t("users.import")}
          </Button>
        }
        notice={<BulkActions selected={selected} onDone={() => setSelected([])} />}
        filters={<UserFilters />}
        actions={(user) => (
          <UserActions
            user={user}
            onReset={() => setResetting(user)}
            onHandOver={() => setHanding(user)}
            onAbsence={() => setAway(user)}
            onSignIn={() => setSigning(user)}
          />
        )}
        drawer={(user, close) => (
          <Suspense>
            <UserDrawer user={user} onClose={close} onMade={setHanded} />
          </Suspense>
        )}
      />
      {resetting && (
        <PasswordReset
          user={resetting}
          onClose={() => setResetting(null)}
          onDone={(password) => {
            setHanded({ username: resetting.username, password });
            setResetting(null);
          }}
        />
      )}
      <Suspense>
        {handing && <HandOverModal user={handing} onClose={() => setHanding(null)} />}
        {signing && <UserSignInModal user={signing} onClose={() => setSigning(null)} />}
        {away && <AbsenceModal user={away} onClose={() => setAway(null)} />}
      </Suspense>
      {handed && (
        <HandOver
          title={t("handOver.login")}
          hint={t("handOver.loginHint")}
          lines={[
            { label: t("handOver.address"), value: `${location.origin}/login` },
            { label: t("handOver.company"), value: company?.code ?? "" },
            { label: t("users.username"), value: handed.username },
            { label: t("password.password"), value: handed.password },
          ]}
          onClose={() => setHanded(null)}
        />
      )}
    </>
  );
}
