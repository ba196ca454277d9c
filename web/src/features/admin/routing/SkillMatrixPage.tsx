import { useMutation, useQuery } from "@tanstack/react-query";
import { App, Button, Checkbox, InputNumber, Segmented, Select, Space } from "antd";
import { Grid3x3 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useIsViewing } from "@/api/session";
import { localName } from "@/lib/names";
import { DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { FilterBar } from "@/ui/FilterBar";
import { Card, Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { allQueues, useSettingsChanged } from "../model/queries";
import { useSettingsSearch } from "../model/useSettingsSearch";
import { organisationQuery } from "../organisation/model/queries";
import { CHANNELS } from "./channels";
import { HistoryButton } from "./HistoryButton";
import { MatrixBulk } from "./MatrixBulk";
import {
  type Drafts,
  isPlain,
  levelOf,
  limitOf,
  type MatrixKind,
  PLAIN_MEMBERSHIP,
  wayOf,
  withLimit,
  withQueue,
  withSkill,
} from "./matrix";
import styles from "./Routing.module.css";
import {
  changeMatrix,
  type MatrixMembership,
  type MatrixRow,
  matrixQuery,
  skillCodesQuery,
} from "./resources";

/** Who can what and serves which queue: many cells are changed and saved as one. */
export function SkillMatrixPage() {
  const { t, i18n } = useTranslation("routing");
  const { message } = App.useApp();
  const { search, list, query, filter, showList } = useSettingsSearch();
  const isViewing = useIsViewing();
  const changed = useSettingsChanged();
  const kind: MatrixKind = search.kind === "queues" || search.kind === "capacity" ? search.kind : "skills";
  const rows = useQuery(matrixQuery({ ...query, ...(search.team && { team: Number(search.team) }) }));
  const skills = useQuery(skillCodesQuery);
  const queues = useQuery(allQueues);
  const organisation = useQuery(organisationQuery);
  const [drafts, setDrafts] = useState<Drafts>({});
  const [chosen, setChosen] = useState<readonly MatrixRow[]>([]);
  const [added, setAdded] = useState<readonly string[]>([]);
  const save = useMutation({
    mutationFn: () => changeMatrix(Object.values(drafts)),
    onSuccess: async ({ changed: count }) => {
      message.success(t("matrix.saved", { count }));
      await changed();
      setDrafts({});
      setChosen([]);
    },
  });
  const count = Object.keys(drafts).length;
  const codes = [...new Set([...(skills.data?.items ?? []), ...added])].sort();
  const columnsOf = {
    queues: () =>
      (queues.data ?? []).map((queue) => ({
        key: `queue-${queue.id}`,
        title: localName(queue, i18n.language),
        render: (_: unknown, row: MatrixRow) => (
          <QueueCell
            way={wayOf(drafts, row, queue.id)}
            label={t("matrix.serves", { name: row.name, queue: localName(queue, i18n.language) })}
            onChange={(way) => setDrafts(withQueue(drafts, [row], queue.id, way))}
          />
        ),
      })),
    skills: () =>
      codes.map((code) => ({
        key: `skill-${code}`,
        title: code,
        render: (_: unknown, row: MatrixRow) => (
          <InputNumber
            min={1}
            max={10}
            precision={0}
            placeholder="–"
            value={levelOf(drafts, row, code)}
            aria-label={t("matrix.level", { name: row.name, skill: code })}
            style={{ width: 64 }}
            onChange={(level) => setDrafts(withSkill(drafts, [row], code, level))}
          />
        ),
      })),
    capacity: () =>
      CHANNELS.map((channel) => ({
        key: `channel-${channel}`,
        title: t(`channels.${channel}`),
        render: (_: unknown, row: MatrixRow) => (
          <InputNumber
            min={0}
            max={channel === "voice" ? 1 : 20}
            precision={0}
            placeholder={t("matrix.asAll")}
            value={limitOf(drafts, row, channel)}
            aria-label={t("matrix.limit", { name: row.name, channel: t(`channels.${channel}`) })}
            style={{ width: 96 }}
            onChange={(limit) => setDrafts(withLimit(drafts, [row], channel, limit))}
          />
        ),
      })),
  };
  const columns = columnsOf[kind]();
  return (
    <Page>
      <PageHeader
        title={t("matrix.title")}
        hint={t("matrix.hint")}
        actions={
          <Space>
            <HistoryButton kind="skill_matrix" />
            <Button
              type="primary"
              disabled={count === 0 || isViewing}
              loading={save.isPending}
              onClick={() => save.mutate()}
            >
              {count === 0 ? t("matrix.save") : t("matrix.saveCount", { count })}
            </Button>
          </Space>
        }
      />
      {save.error && <ErrorNotice error={save.error} />}
      <Card>
        <FilterBar
          search={search.search ?? ""}
          views="matrix"
          onSearch={(text) => filter({ search: text })}
          placeholder={t("matrix.search")}
        >
          <Select
            aria-label={t("matrix.team")}
            value={search.team ?? ""}
            onChange={(team) => filter({ team })}
            style={{ width: 150 }}
            options={[
              { value: "", label: t("matrix.anyTeam") },
              ...(organisation.data?.teams ?? []).map(({ id, name }) => ({ value: String(id), label: name })),
              { value: "0", label: t("matrix.noTeam") },
            ]}
          />
          <Segmented
            aria-label={t("matrix.columns")}
            value={kind}
            onChange={(chosenKind) => filter({ kind: chosenKind === "skills" ? undefined : chosenKind })}
            options={[
              { value: "skills", label: t("matrix.skills") },
              { value: "capacity", label: t("matrix.capacity") },
              { value: "queues", label: t("matrix.queues") },
            ]}
          />
        </FilterBar>
        {chosen.length > 0 && (
          <MatrixBulk
            count={chosen.length}
            kind={kind}
            codes={codes}
            queues={(queues.data ?? []).map((queue) => ({
              value: queue.id,
              label: localName(queue, i18n.language),
            }))}
            onSkill={(code, level) => {
              setAdded([...new Set([...added, code])]);
              setDrafts(withSkill(drafts, chosen, code, level));
            }}
            onLimit={(channel, limit) => setDrafts(withLimit(drafts, chosen, channel, limit))}
            onQueue={(queue, way) => setDrafts(withQueue(drafts, chosen, queue, way))}
          />
        )}
        <DataTable<MatrixRow>
          label={t("matrix.title")}
          columns={[
            {
              key: "name",
              title: t("matrix.agent"),
              sorter: true,
              fixed: "left" as const,
              render: (_: unknown, row: MatrixRow) => (
                <span style={{ fontWeight: drafts[row.id] ? 600 : undefined }}>{row.name}</span>
              ),
            },
            ...columns,
          ]}
          rows={rows.data?.items}
          total={rows.data?.total}
          rowKey="id"
          list={list}
          onList={showList}
          isLoading={rows.isPending}
          error={rows.error}
          onRetry={() => void rows.refetch()}
          selection={{
            keys: chosen.map(({ id }) => id),
            onChange: (keys) => setChosen((rows.data?.items ?? []).filter(({ id }) => keys.includes(id))),
            nameOf: ({ name }) => name,
          }}
          empty={<EmptyState icon={Grid3x3} title={t("matrix.empty")} hint={t("matrix.emptyHint")} />}
        />
        {kind === "skills" && codes.length === 0 && <p className={styles.hint}>{t("matrix.noSkills")}</p>}
      </Card>
    </Page>
  );
}

interface CellProps {
  way: MatrixMembership | null;
  label: string;
  onChange: (way: MatrixMembership | null) => void;
}

function QueueCell({ way, label, onChange }: CellProps) {
  const { t } = useTranslation("routing");
  return (
    <span className={styles.cell}>
      <Checkbox
        checked={way !== null}
        aria-label={label}
        onChange={(event) => onChange(event.target.checked ? PLAIN_MEMBERSHIP : null)}
      />
      {way && !isPlain(way) && <small>{t("matrix.way", { ...way })}</small>}
    </span>
  );
}
