import { useMutation } from "@tanstack/react-query";
import { App, Button, Table } from "antd";
import { Undo2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useIsViewing, useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { StatusTag } from "@/ui/StatusTag";
import { useSettingsChanged } from "../../model/queries";
import { type PromptVersion, putBackVersion, versionAddress } from "../model/prompts";
import { ListenButton } from "./ListenButton";
import styles from "./PromptDrawer.module.css";

interface Props {
  promptKey: string;
  versions: readonly PromptVersion[];
}

/** What callers heard before and hear now: who made it and when, to listen to and to put back. */
export function PromptVersions({ promptKey, versions }: Props) {
  const { t } = useTranslation("flows");
  const zone = useTimeZone();
  const { message } = App.useApp();
  const isViewing = useIsViewing();
  const changed = useSettingsChanged();
  const puttingBack = useMutation({
    mutationFn: (version: PromptVersion) => putBackVersion({ key: promptKey, id: version.id }),
    onSuccess: (_, { number }) => {
      message.success(t("prompts.versions.done", { number }));
      return changed();
    },
  });
  const name = (version: PromptVersion) =>
    t("prompts.versions.named", {
      number: version.number,
      language: t(`prompts.languages.${version.language as "zh"}`),
    });
  return (
    <>
      {puttingBack.error && <ErrorNotice error={puttingBack.error} />}
      <Table<PromptVersion>
        aria-label={t("prompts.versions.title")}
        size="small"
        rowKey="id"
        dataSource={[...versions]}
        pagination={{ pageSize: 10, hideOnSinglePage: true }}
        scroll={{ x: "max-content" }}
        locale={{ emptyText: <span className={styles.told}>{t("prompts.versions.none")}</span> }}
        columns={[
          {
            key: "version",
            title: t("prompts.versions.version"),
            render: (_, version) => (
              <>
                {name(version)}{" "}
                {version.is_in_force && (
                  <StatusTag tone="ready" hasDot>
                    {t("prompts.versions.inForce")}
                  </StatusTag>
                )}
              </>
            ),
          },
          {
            key: "sound",
            title: t("prompts.versions.sound"),
            render: (_, version) => (
              <ListenButton
                src={versionAddress(promptKey, version.id)}
                duration_s={version.duration_s}
                label={name(version)}
              />
            ),
          },
          {
            key: "source",
            title: t("prompts.versions.source"),
            render: (_, { source, gain_db }) => (
              <>
                {t(`prompts.sources.${source}`)}
                {gain_db !== null && (
                  <span className={styles.told}>
                    {" "}
                    {gain_db > 0 ? "+" : ""}
                    {gain_db.toFixed(0)} dB
                  </span>
                )}
              </>
            ),
          },
          {
            key: "made",
            title: t("prompts.versions.made"),
            render: (_, { made_at, made_by }) => (
              <>
                <time dateTime={made_at}>{formatInstant(made_at, zone)}</time> {made_by}
              </>
            ),
          },
          {
            key: "actions",
            title: <span className="visually-hidden">{t("actions")}</span>,
            align: "right",
            render: (_, version) =>
              !version.is_in_force && (
                <Button
                  size="small"
                  icon={<Undo2 size={14} />}
                  disabled={isViewing}
                  loading={puttingBack.isPending && puttingBack.variables.id === version.id}
                  aria-label={t("prompts.versions.putBackNamed", { name: name(version) })}
                  onClick={() => puttingBack.mutate(version)}
                >
                  {t("prompts.versions.putBack")}
                </Button>
              ),
          },
        ]}
      />
    </>
  );
}
