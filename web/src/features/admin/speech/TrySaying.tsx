import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Input, Space } from "antd";
import { Volume2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { problemText } from "@/api/problem-text";
import { SpokenSound } from "@/ui/SpokenSound";
import { useReasonText } from "../interfaces/useReasonText";
import { type Speaker, sayText, speechQuery } from "./api";

/** Hear a sentence as callers would. */
export function TrySaying({ row: { language } }: { row: Speaker }) {
  const { t } = useTranslation("speech");
  const reasonText = useReasonText();
  const queries = useQueryClient();
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? t(`say.sample.${language}`);
  const saying = useMutation({
    mutationFn: () => sayText({ text: text.trim(), language }),
    onSettled: () => queries.invalidateQueries({ queryKey: speechQuery.queryKey }),
  });
  const label = `${t("say.listen")} · ${t(`languages.${language}`)}`;
  const said = saying.data;
  return (
    <Space orientation="vertical" size={4}>
      <Space.Compact>
        <Input
          value={text}
          maxLength={100}
          style={{ width: 240 }}
          aria-label={`${t("say.text")} · ${t(`languages.${language}`)}`}
          onChange={(event) => setTyped(event.target.value)}
        />
        <Button
          icon={<Volume2 size={16} />}
          aria-label={label}
          loading={saying.isPending}
          disabled={text.trim() === ""}
          onClick={() => saying.mutate()}
        >
          {t("say.listen")}
        </Button>
      </Space.Compact>
      <output aria-live="polite">
        {saying.isError && problemText(saying.error)}
        {said?.outcome === "failed" && t("failedBy", { cause: reasonText(said.cause) })}
        {said?.sound && said.cause && t("say.instead", { cause: reasonText(said.cause) })}
        {said?.sound && <SpokenSound wav={said.sound} label={label} />}
      </output>
    </Space>
  );
}
