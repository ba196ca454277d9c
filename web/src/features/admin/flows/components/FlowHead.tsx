import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Alert, App, Button, Tooltip, Typography } from "antd";
import { ArrowLeft, FileDown, Rocket } from "lucide-react";
import { useTranslation } from "react-i18next";
import { formatNumber } from "@/lib/numbers";
import { StatusTag } from "@/ui/StatusTag";
import { allNumbers } from "../../model/queries";
import { isSameGraph } from "../model/draft";
import { type FlowDetail, versionsQuery } from "../model/queries";
import type { EditedDraft } from "../model/useDraft";
import styles from "./FlowHead.module.css";

interface Props {
  flow: FlowDetail;
  draft: EditedDraft;
  isReadOnly: boolean;
}

/** The flow's name, what is in force, which numbers lead here, and the button that puts the draft in force. */
export function FlowHead({ flow, draft, isReadOnly }: Props) {
  const { t } = useTranslation("flows");
  const { modal } = App.useApp();
  const versions = useQuery(versionsQuery(flow.id)).data;
  const numbers = (useQuery(allNumbers).data ?? []).filter(({ flow_id }) => flow_id === flow.id);
  const inForce = versions?.find(({ version }) => version === flow.version);
  const newer = flow.sub_flows.filter(({ version, newest }) => newest > version);
  const isEdited = flow.version === 0 || (inForce !== undefined && !isSameGraph(inForce.graph, flow.draft));
  const isChanged = isEdited || newer.length > 0;
  const hindrance =
    (isReadOnly && t("publish.readOnly")) ||
    (draft.isDirty && t("publish.saveFirst")) ||
    (flow.problems.length > 0 && t("publish.problemsFirst")) ||
    (!isChanged && t("publish.unchanged")) ||
    null;
  const ask = () =>
    modal.confirm({
      title: t("publish.question", { name: flow.name }),
      content:
        numbers.length > 0
          ? t("publish.hint", { numbers: numbers.map(({ number }) => formatNumber(number)).join(t("comma")) })
          : t("publish.hintNoNumber"),
      okText: t("publish.ok"),
      cancelText: t("cancel"),
      onOk: draft.publish,
    });
  return (
    <header className={styles.head}>
      <Link to={"/admin/flows" as string} className={styles.back}>
        <ArrowLeft size={16} aria-hidden />
        {t("back")}
      </Link>
      <div className={styles.line}>
        <Typography.Title
          level={1}
          className={styles.name ?? ""}
          editable={
            !isReadOnly && {
              text: flow.name,
              maxLength: 60,
              tooltip: t("rename"),
              onChange: (name) => {
                if (name.trim() !== "" && name.trim() !== flow.name) void draft.rename(name.trim());
              },
            }
          }
        >
          {flow.name}
        </Typography.Title>
        {flow.version === 0 ? (
          <StatusTag tone="off">{t("neverPublished")}</StatusTag>
        ) : (
          <StatusTag tone="ready" hasDot>
            {t("inForce", { version: flow.version })}
          </StatusTag>
        )}
        {isEdited && flow.version > 0 && <StatusTag tone="acw">{t("draftDiffers")}</StatusTag>}
        <span className={styles.space} />
        <Button href={`/api/flows/${flow.id}/file`} download icon={<FileDown size={16} />}>
          {t("file.export")}
        </Button>
        <Tooltip title={hindrance}>
          <Button
            type="primary"
            icon={<Rocket size={16} />}
            disabled={hindrance !== null}
            loading={draft.isPublishing}
            onClick={ask}
          >
            {t("publish.button")}
          </Button>
        </Tooltip>
      </div>
      <p className={styles.numbers}>
        {numbers.length > 0
          ? t("leadsHere", { numbers: numbers.map(({ number }) => formatNumber(number)).join(t("comma")) })
          : t("nobodyLeadsHere")}
      </p>
      <SubFlowNotes flow={flow} />
    </header>
  );
}

/** Which flows use this one, and of which that it uses there is a newer version. */
function SubFlowNotes({ flow }: { flow: FlowDetail }) {
  const { t } = useTranslation("flows");
  const newer = new Map(
    flow.sub_flows.filter(({ version, newest }) => newest > version).map((use) => [use.flow, use]),
  );
  return (
    <>
      {flow.used_by.length > 0 && (
        <p className={styles.numbers}>
          {t("usedBy")}{" "}
          {flow.used_by.map(({ id, name }, index) => (
            <span key={id}>
              {index > 0 && t("comma")}
              <Link to={`/admin/flows/${id}` as string}>{name}</Link>
            </span>
          ))}
        </p>
      )}
      {newer.size > 0 && (
        <Alert
          type="info"
          showIcon
          style={{ marginTop: 8 }}
          title={[...newer.values()]
            .map(({ name, version, newest }) => t("newerSubFlow", { name, version, newest }))
            .join(" ")}
        />
      )}
    </>
  );
}
