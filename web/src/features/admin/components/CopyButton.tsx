import { App, Button } from "antd";
import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { copyText } from "../model/copy-text";

/** Puts a text on the clipboard: an icon that names what it copies, or a button with words. */
export function CopyButton({ text, name, label }: { text: string; name?: string; label?: string }) {
  const { t } = useTranslation("admin");
  const { message } = App.useApp();
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    const isDone = await copyText(text);
    setCopied(isDone);
    if (!isDone) message.error(t("handOver.copyFailed"));
  };
  return (
    <Button
      {...(label === undefined && { type: "text" as const, size: "small" as const })}
      icon={isCopied ? <Check size={16} /> : <Copy size={16} />}
      aria-label={label ?? t("handOver.copy", { name: name ?? text })}
      onClick={() => void copy()}
    >
      {label}
    </Button>
  );
}
