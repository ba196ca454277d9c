import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Input, Progress, Space } from "antd";
import { Mic, Square } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { problemText } from "@/api/problem-text";
import type { Recording } from "../flows/model/recorder";
import { useRecorder } from "../flows/model/useRecorder";
import { useReasonText } from "../interfaces/useReasonText";
import { type Speaker, speechQuery, understandSound } from "./api";
import { isNobody } from "./condition";
import { toLineSound } from "./line-sound";

/** Say something into the browser's microphone, and see what is understood. The sound is kept nowhere. */
export function TryHearing({ row }: { row: Speaker }) {
  const { t } = useTranslation(["speech", "flows"]);
  const reasonText = useReasonText();
  const queries = useQueryClient();
  const { language, service_id } = row;
  const isOwn = service_id === null;
  const [phrases, setPhrases] = useState(t("hear.phrasesSample"));
  const hearing = useMutation({
    mutationFn: async ({ file }: Recording) =>
      understandSound({ sound: await toLineSound(file), language, phrases: isOwn ? phrasesOf(phrases) : [] }),
    onSettled: () => queries.invalidateQueries({ queryKey: speechQuery.queryKey }),
  });
  const recorder = useRecorder((recording) => hearing.mutate(recording));
  const heard = hearing.data;
  if (isNobody(row)) return "—";
  const named = (words: string) => `${words} · ${t(`languages.${language}`)}`;
  return (
    <Space orientation="vertical" size={4}>
      {isOwn && (
        <Input
          value={phrases}
          maxLength={200}
          style={{ width: 240 }}
          aria-label={t("hear.phrases")}
          title={t("hear.phrases")}
          onChange={(event) => setPhrases(event.target.value)}
        />
      )}
      {recorder.isRunning ? (
        <Space>
          <Button
            danger
            type="primary"
            icon={<Square size={14} />}
            aria-label={named(t("hear.stop"))}
            onClick={() => void recorder.stop()}
          >
            {t("hear.stop")}
          </Button>
          <Progress
            percent={recorder.level_pct}
            showInfo={false}
            style={{ width: 120 }}
            aria-label={t("flows:record.level")}
          />
        </Space>
      ) : (
        <Button
          icon={<Mic size={16} />}
          aria-label={named(t("hear.start"))}
          loading={hearing.isPending}
          onClick={() => void recorder.start()}
        >
          {t("hear.start")}
        </Button>
      )}
      <output aria-live="polite">
        {recorder.trouble && t(`flows:record.troubles.${recorder.trouble}`)}
        {hearing.isPending && t("hear.waiting")}
        {hearing.isError && problemText(hearing.error)}
        {heard?.outcome === "failed" && t("failedBy", { cause: reasonText(heard.cause) })}
        {heard?.outcome === "found" &&
          `${heard.text ? t("hear.heard", { text: heard.text }) : t("hear.nothing")} · ${t("hear.took", { ms: heard.duration_ms })}`}
      </output>
    </Space>
  );
}

function phrasesOf(typed: string): string[] {
  return typed
    .split(/[,;\uFF0C\u3001\uFF1B]+/)
    .map((each) => each.trim().slice(0, 60))
    .filter((each) => each !== "")
    .slice(0, 20);
}
