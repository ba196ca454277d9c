import { useQuery } from "@tanstack/react-query";
import { App, Button, Checkbox, Table, Tooltip } from "antd";
import { AudioLines, FileUp, Mic, Plus, RotateCcw } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { FilterBar } from "@/ui/FilterBar";
import { Card, Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { useRemoval } from "../../model/useRemoval";
import { useSettingsSearch } from "../../model/useSettingsSearch";
import { PromptVoice } from "../components/PromptVoice";
import { SpeakDrawer } from "../components/SpeakDrawer";
import { UploadDrawer } from "../components/UploadDrawer";
import { type Prompt, promptsQuery, removePrompt } from "../model/queries";

/** What callers hear: listen, let the product's voice say another text, or bring a WAV file. */
export function PromptsPage() {
  const { t } = useTranslation("flows");
  const { message } = App.useApp();
  const { search, filter } = useSettingsSearch();
  const prompts = useQuery(promptsQuery(search.search ?? ""));
  const askRemoval = useRemoval();
  const [hasNumbers, showNumbers] = useState(false);
  const shown = (prompts.data ?? []).filter(
    ({ key }) => hasNumbers || Boolean(search.search) || !/^number_\d+$/.test(key),
  );
  const [editing, setEditing] = useState<{ how: "speak" | "upload"; prompt: Prompt | null } | null>(null);
  const close = () => setEditing(null);
  const isOwn = (prompt: Prompt) => Object.values(prompt.sources).some((source) => source !== "standard");
  const remove = (prompt: Prompt) =>
    askRemoval({
      name: prompt.key,
      hint: prompt.is_standard ? t("prompts.restoreHint") : t("prompts.removeHint"),
      onRemove: async () => {
        await removePrompt(prompt.key);
        message.success(prompt.is_standard ? t("prompts.restored") : t("removed", { name: prompt.key }));
      },
    });
  const add = (
    <>
      <Button icon={<FileUp size={16} />} onClick={() => setEditing({ how: "upload", prompt: null })}>
        {t("prompts.uploadNew")}
      </Button>
      <Button
        type="primary"
        icon={<Plus size={16} />}
        onClick={() => setEditing({ how: "speak", prompt: null })}
      >
        {t("prompts.add")}
      </Button>
    </>
  );
  return (
    <Page>
      <PageHeader title={t("prompts.title")} hint={t("prompts.hint")} actions={add} />
      <Card>
        <FilterBar
          search={search.search ?? ""}
          onSearch={(text) => filter({ search: text })}
          placeholder={t("prompts.search")}
        >
          <Checkbox
            style={{ alignSelf: "center" }}
            checked={hasNumbers}
            onChange={(event) => showNumbers(event.target.checked)}
          >
            {t("prompts.numbers")}
          </Checkbox>
        </FilterBar>
        {prompts.error ? (
          <ErrorNotice error={prompts.error} onRetry={() => void prompts.refetch()} />
        ) : (
          <Table<Prompt>
            aria-label={t("prompts.title")}
            size="middle"
            rowKey="key"
            loading={prompts.isPending}
            dataSource={shown}
            pagination={{ pageSize: 20, hideOnSinglePage: true }}
            scroll={{ x: 800 }}
            columns={[
              { key: "key", title: t("prompts.key"), render: (_, { key }) => <code>{key}</code> },
              ...(["zh", "en"] as const).map((language) => ({
                key: language,
                title: t(`prompts.languages.${language}`),
                render: (_: unknown, prompt: Prompt) => <PromptVoice prompt={prompt} language={language} />,
              })),
              {
                key: "actions",
                title: <span className="visually-hidden">{t("actions")}</span>,
                align: "right",
                render: (_, prompt) => (
                  <span style={{ whiteSpace: "nowrap" }}>
                    <Tooltip title={t("prompts.speak")}>
                      <Button
                        type="text"
                        size="small"
                        icon={<Mic size={16} />}
                        aria-label={t("prompts.speakNamed", { key: prompt.key })}
                        onClick={() => setEditing({ how: "speak", prompt })}
                      />
                    </Tooltip>
                    <Tooltip title={t("prompts.upload")}>
                      <Button
                        type="text"
                        size="small"
                        icon={<FileUp size={16} />}
                        aria-label={t("prompts.uploadNamed", { key: prompt.key })}
                        onClick={() => setEditing({ how: "upload", prompt })}
                      />
                    </Tooltip>
                    <Tooltip title={prompt.is_standard ? t("prompts.restore") : t("prompts.remove")}>
                      <Button
                        type="text"
                        size="small"
                        icon={<RotateCcw size={16} />}
                        disabled={!isOwn(prompt)}
                        aria-label={t("prompts.restoreNamed", { key: prompt.key })}
                        onClick={() => remove(prompt)}
                      />
                    </Tooltip>
                  </span>
                ),
              },
            ]}
            locale={{
              emptyText: (
                <EmptyState icon={AudioLines} title={t("prompts.empty")} hint={t("prompts.emptyHint")} />
              ),
            }}
          />
        )}
      </Card>
      {editing?.how === "speak" && <SpeakDrawer prompt={editing.prompt} onClose={close} />}
      {editing?.how === "upload" && <UploadDrawer prompt={editing.prompt} onClose={close} />}
    </Page>
  );
}
