import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Tooltip } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { problemText } from "@/api/problem-text";
import { useRight, useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { StatusTag } from "@/ui/StatusTag";
import type { Recording } from "../model/queries";
import styles from "./HoldCell.module.css";
import { HoldDialog } from "./HoldDialog";
import { type Hold, release } from "./mutations";

/** Whether retention passes over a recording, by whom and why; administrators hold and release it here. */
export function HoldCell({ row }: { row: Recording }) {
  const { t } = useTranslation("holds");
  const isAdministrator = useRight("admin");
  const zone = useTimeZone();
  const [isAsking, setAsking] = useState(false);
  const letGo = useRelease(row);
  const time = formatInstant(row.started_at, zone);
  if (row.hold) {
    const { scope, reason, held_by_name: name, held_at } = row.hold;
    return (
      <span className={styles.held}>
        <Tooltip title={t("why", { reason, name, time: formatInstant(held_at, zone) })}>
          <span>
            <StatusTag tone="acw">{t(scope === "recording" ? "held" : "heldContact")}</StatusTag>
          </span>
        </Tooltip>
        {isAdministrator && (
          <Button
            size="small"
            type="link"
            aria-label={t("releaseNamed", { time })}
            onClick={() => letGo(scope)}
          >
            {t("release")}
          </Button>
        )}
      </span>
    );
  }
  if (!isAdministrator || row.state === "deleted") return null;
  return (
    <>
      <Button size="small" aria-label={t("holdNamed", { time })} onClick={() => setAsking(true)}>
        {t("hold")}
      </Button>
      {isAsking && <HoldDialog row={row} onClose={() => setAsking(false)} />}
    </>
  );
}

/** Ask, then release; the list shows the outcome. */
function useRelease(row: Recording): (scope: Hold["scope"]) => void {
  const { t } = useTranslation("holds");
  const { message, modal } = App.useApp();
  const client = useQueryClient();
  return (scope) =>
    modal.confirm({
      title: t("releaseSure"),
      content: t(scope === "recording" ? "releaseHint" : "releaseContactHint"),
      okText: t("release"),
      cancelText: t("cancel"),
      onOk: async () => {
        try {
          await release(row, scope);
          message.success(t("released"));
        } catch (error) {
          message.error(problemText(error));
        }
        await client.invalidateQueries({ queryKey: ["recordings", "list"] });
      },
    });
}
