import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { App, Button, Tooltip, Typography } from "antd";
import { ArrowLeft, Rocket } from "lucide-react";
import { useTranslation } from "react-i18next";
import { formatNumber } from "@/lib/numbers";
import { StatusTag } from "@/ui/StatusTag";
import { allNumbers } from "../../model/queries";
import { isSameGraph } from "../model/draft";
import { type FlowDetail, versionsQuery } from "../model/queries";
import type { EditedDraft } from "../model/useDraft";
import styles from "./FlowHead.module.css";

/** The flow's name, what is in force, which numbers lead here, and the button that puts the draft in force. */
export function FlowHead({ flow, draft }: { flow: FlowDetail; draft: EditedDraft }) {
  const { t } = useTranslation("flows");
  const { modal } = App.useApp();
  const versions = useQuery(versionsQuery(flow.id)).data;
  const numbers = (useQuery(allNumbers).data ?? []).filter(({ flow_id }) => flow_id === flow.id);
  const inForce = versions?.find(({ version }) => version === flow.version);
  const isChanged = flow.version === 0 || (inForce !== undefined && !isSameGraph(inForce.graph, flow.draft));
  const hindrance =
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
          editable={{
            text: flow.name,
            maxLength: 60,
            tooltip: t("rename"),
            onChange: (name) => {
              if (name.trim() !== "" && name.trim() !== flow.name) void draft.rename(name.trim());
            },
          }}
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
        {isChanged && flow.version > 0 && <StatusTag tone="acw">{t("draftDiffers")}</StatusTag>}
        <span className={styles.space} />
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
    </header>
  );
}
