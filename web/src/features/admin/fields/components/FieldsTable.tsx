import { useMutation, useQuery } from "@tanstack/react-query";
import { App, Button, Select, type TableProps } from "antd";
import { ArchiveX, FormInput, Plus, RotateCcw } from "lucide-react";
import { useTranslation } from "react-i18next";
import { problemText } from "@/api/problem-text";
import { localName } from "@/lib/names";
import { DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { FilterBar } from "@/ui/FilterBar";
import { StatusTag } from "@/ui/StatusTag";
import { moved } from "@/ui/saved-views/model";
import { MoveButtons } from "../../components/MoveButtons";
import { RecordLink } from "../../components/RecordLink";
import { useSettingsChanged } from "../../model/queries";
import { useSettingsSearch } from "../../model/useSettingsSearch";
import { changeField, type Field, fieldsQuery, orderFields } from "../model/queries";
import { FieldDrawer } from "./FieldDrawer";

/** The fields of one kind of record: found, put in order, changed and retired. */
export function FieldsTable({ subject }: { subject: string }) {
  const { t, i18n } = useTranslation(["fields", "admin"]);
  const { message } = App.useApp();
  const { search, list, query, filter, showList, open } = useSettingsSearch();
  const state = search.role === "retired" ? "retired" : "active";
  const fields = useQuery(fieldsQuery({ ...query, subject, state }));
  const changed = useSettingsChanged();
  const rows = fields.data?.items ?? [];
  const ids = rows.map((row) => row.id);
  const canMove = state === "active" && !search.search && !search.sort;
  const act = useMutation({
    mutationFn: (work: () => Promise<unknown>) => work(),
    onError: (error) => void message.error(problemText(error)),
    onSettled: changed,
  });
  const add = (
    <Button type="primary" icon={<Plus size={16} />} onClick={() => open("new")}>
      {t("add")}
    </Button>
  );
  const nameOf = (row: Field) => localName(row, i18n.language);
  const columns: NonNullable<TableProps<Field>["columns"]> = [
    {
      key: "name",
      title: t("name"),
      sorter: true,
      render: (_, row) => <RecordLink id={row.id}>{nameOf(row)}</RecordLink>,
    },
    { key: "code", title: t("code"), sorter: true, render: (_, row) => <code>{row.code}</code> },
    { key: "kind", title: t("kind"), sorter: true, render: (_, row) => t(`kinds.${row.kind}`) },
    {
      key: "use",
      title: t("use"),
      render: (_, row) => (
        <>
          {row.is_required && <StatusTag tone="ring">{t("flags.is_required")}</StatusTag>}{" "}
          {row.is_unique && <StatusTag tone="break">{t("flags.is_unique")}</StatusTag>}{" "}
          {row.is_searchable && (
            <StatusTag tone={row.is_ready ? "ready" : "acw"}>
              {t(row.is_ready ? "flags.is_searchable" : "indexing")}
            </StatusTag>
          )}{" "}
          {row.is_in_list && <StatusTag tone="talk">{t("flags.is_in_list")}</StatusTag>}
        </>
      ),
    },
    {
      key: "actions",
      title: <span className="visually-hidden">{t("admin:list.actions")}</span>,
      align: "right",
      render: (_, row) => (
        <>
          {canMove && (
            <MoveButtons
              name={nameOf(row)}
              isFirst={ids[0] === row.id}
              isLast={ids.at(-1) === row.id}
              onMove={(by) => act.mutate(() => orderFields(subject, moved(ids, row.id, by)))}
            />
          )}
          <Button
            type="text"
            size="small"
            icon={row.is_active ? <ArchiveX size={16} /> : <RotateCcw size={16} />}
            aria-label={t(row.is_active ? "retire" : "restore", { name: nameOf(row) })}
            title={t(row.is_active ? "retireHint" : "restoreHint")}
            onClick={() => act.mutate(() => changeField(row.id, { is_active: !row.is_active }))}
          />
        </>
      ),
    },
  ];
  const opened = rows.find((row) => String(row.id) === search.open) ?? null;
  return (
    <>
      <FilterBar
        search={search.search ?? ""}
        onSearch={(text) => filter({ search: text })}
        placeholder={t("search")}
      >
        <Select
          value={state}
          aria-label={t("state")}
          options={(["active", "retired"] as const).map((value) => ({ value, label: t(`states.${value}`) }))}
          onChange={(value) => filter({ role: value === "retired" ? value : undefined })}
        />
      </FilterBar>
      <DataTable<Field>
        label={t("title")}
        columns={columns}
        rows={fields.data?.items}
        total={fields.data?.total}
        rowKey="id"
        list={list}
        onList={showList}
        isLoading={fields.isPending}
        error={fields.error}
        onRetry={() => void fields.refetch()}
        empty={
          search.search || state === "retired" ? (
            <EmptyState
              icon={FormInput}
              title={t("admin:list.nothingFound")}
              hint={t("admin:list.nothingFoundHint")}
            />
          ) : (
            <EmptyState icon={FormInput} title={t("empty")} hint={t("emptyHint")} action={add} />
          )
        }
      />
      {(search.open === "new" || opened) && (
        <FieldDrawer row={opened} subject={subject} onClose={() => open(null)} />
      )}
    </>
  );
}
