import { useMutation } from "@tanstack/react-query";
import { Button, Input, Popover, Select, Space } from "antd";
import { Activity } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { problemText } from "@/api/problem-text";
import { SpokenSound } from "@/ui/SpokenSound";
import { StatusTag } from "@/ui/StatusTag";
import { type ExternalService, tryService } from "./api";

/** Asks the service now, as a flow would, and tells in plain words what came of it, or lets it be heard. A payment is never tried. */
export function TryButton({ service }: { service: ExternalService }) {
  const { t } = useTranslation("external-services");
  const attempt = useMutation({ mutationFn: (asked: Asked) => tryService(service.id, asked) });
  const sentBy = service.kind === "sms" || service.kind === "mail" ? service.kind : null;
  const languages =
    service.settings.kind === "synthesis" ? (service.settings.languages as readonly Language[]) : null;
  if (service.kind === "payment") return <span>{t("try.never")}</span>;
  if (service.kind === "recognition") return <span>{t("try.byCall")}</span>;
  const label = t("try.named", { name: service.name });
  const button = (
    <Button
      size="small"
      icon={<Activity size={16} />}
      loading={attempt.isPending}
      aria-label={label}
      {...(sentBy === null && languages === null && { onClick: () => attempt.mutate({}) })}
    >
      {t(languages ? "try.hear" : "try.do")}
    </Button>
  );
  return (
    <Space size="small" wrap>
      {sentBy ? (
        <Popover
          trigger="click"
          content={<Recipient kind={sentBy} onSend={(to) => attempt.mutate({ to })} />}
        >
          {button}
        </Popover>
      ) : languages ? (
        <Popover trigger="click" content={<Words languages={languages} onSay={attempt.mutate} />}>
          {button}
        </Popover>
      ) : (
        button
      )}
      <output aria-live="polite">
        {attempt.isError && problemText(attempt.error)}
        {attempt.data && (
          <StatusTag tone={attempt.data.outcome === "failed" ? "break" : "ready"} hasDot>
            {attempt.data.outcome === "failed"
              ? t(`causes.${attempt.data.cause as "late"}`, { defaultValue: attempt.data.cause })
              : languages
                ? t("try.heard", { ms: attempt.data.duration_ms })
                : t(`try.outcomes.${attempt.data.outcome as "found"}`, { ms: attempt.data.duration_ms })}
          </StatusTag>
        )}
        {attempt.data?.sound && <SpokenSound wav={attempt.data.sound} label={t("try.hear")} />}
      </output>
    </Space>
  );
}

type Language = "zh" | "en";
type Asked = { to?: string; text?: string; language?: Language };

function Words({ languages, onSay }: { languages: readonly Language[]; onSay: (asked: Asked) => void }) {
  const { t } = useTranslation("external-services");
  const [language, setLanguage] = useState<Language>(languages[0] ?? "zh");
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? t(`try.sample.${language}`);
  return (
    <Space.Compact>
      <Select
        value={language}
        onChange={setLanguage}
        aria-label={t("try.language")}
        options={languages.map((value) => ({ value, label: t(`languages.${value}`) }))}
      />
      <Input
        value={text}
        maxLength={100}
        style={{ width: 260 }}
        onChange={(event) => setTyped(event.target.value)}
        aria-label={t("try.say")}
        onPressEnter={() => text.trim() && onSay({ text, language })}
      />
      <Button type="primary" disabled={text.trim() === ""} onClick={() => onSay({ text, language })}>
        {t("try.hear")}
      </Button>
    </Space.Compact>
  );
}

function Recipient({ kind, onSend }: { kind: "sms" | "mail"; onSend: (to: string) => void }) {
  const { t } = useTranslation("external-services");
  const [to, setTo] = useState("");
  return (
    <Space.Compact>
      <Input
        value={to}
        onChange={(event) => setTo(event.target.value)}
        aria-label={t(`try.to.${kind}`)}
        placeholder={t(`try.to.${kind}`)}
        onPressEnter={() => to && onSend(to)}
      />
      <Button type="primary" disabled={to === ""} onClick={() => onSend(to)}>
        {t("try.send")}
      </Button>
    </Space.Compact>
  );
}
