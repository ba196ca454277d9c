import { useQuery } from "@tanstack/react-query";
import { Button, Select, Space, Tooltip } from "antd";
import { Plus } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { allPrompts } from "../../model/queries";

const SpeakDrawer = lazy(async () => ({ default: (await import("./SpeakDrawer")).SpeakDrawer }));

interface Props {
  isRequired: boolean;
  /** what a form gives */
  id?: string;
  value?: string | null;
  onChange?: (key: string | null | undefined) => void;
}

/** Which prompt is said: one that is there, or a new one, made here so that nobody has to leave a draft for it. */
export function PromptChoice({ isRequired, onChange, ...given }: Props) {
  const { t, i18n } = useTranslation("flows");
  const prompts = useQuery(allPrompts).data;
  const [isMaking, setMaking] = useState(false);
  const options = prompts?.map(({ key, texts }) => {
    const text = texts[i18n.language] ?? texts.zh;
    return { value: key, label: text ? `${key}: ${text}` : key };
  });
  return (
    <>
      <Space.Compact block>
        <Select
          {...given}
          {...(onChange && { onChange })}
          loading={options === undefined}
          options={options ?? []}
          allowClear={!isRequired}
          showSearch={{ optionFilterProp: "label" }}
          style={{ minWidth: 0 }}
        />
        <Tooltip title={t("prompts.add")}>
          <Button icon={<Plus size={16} />} aria-label={t("prompts.add")} onClick={() => setMaking(true)} />
        </Tooltip>
      </Space.Compact>
      {isMaking && (
        <Suspense>
          <SpeakDrawer prompt={null} onMade={(key) => onChange?.(key)} onClose={() => setMaking(false)} />
        </Suspense>
      )}
    </>
  );
}
