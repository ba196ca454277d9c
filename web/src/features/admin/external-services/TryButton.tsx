import { useMutation } from "@tanstack/react-query";
import { Button, Input, Popover, Space } from "antd";
import { Activity } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { problemText } from "@/api/problem-text";
import { StatusTag } from "@/ui/StatusTag";
import { type ExternalService, tryService } from "./api";

/** Asks the service now, as a flow would, and tells in plain words what came of it. A payment is never tried. */
export function TryButton({ service }: { service: ExternalService }) {
  const { t } = useTranslation("external-services");
  const attempt = useMutation({ mutationFn: (to: string) => tryService(service.id, { to }) });
  const sentBy = service.kind === "sms" || service.kind === "mail" ? service.kind : null;
  if (service.kind === "payment") return <span>{t("try.never")}</span>;
  const label = t("try.named", { name: service.name });
  const button = (
    <Button
      size="small"
      icon={<Activity size={16} />}
      loading={attempt.isPending}
      aria-label={label}
      {...(sentBy === null && { onClick: () => attempt.mutate("") })}
    >
      {t("try.do")}
    </Button>
  );
  return (
    <Space size="small" wrap>
      {sentBy ? (
        <Popover trigger="click" content={<Recipient kind={sentBy} onSend={(to) => attempt.mutate(to)} />}>
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
              : t(`try.outcomes.${attempt.data.outcome as "found"}`, { ms: attempt.data.duration_ms })}
          </StatusTag>
        )}
      </output>
    </Space>
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
