import { useQuery } from "@tanstack/react-query";
import { App, Button, Dropdown, Select } from "antd";
import { AudioLines, FileUp, Mic, Plus, Replace } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { ExportButton } from "@/ui/ExportButton";
import { FilterBar } from "@/ui/FilterBar";
import { Card, Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { useRemoval } from "../../model/useRemoval";
import { useSettingsSearch } from "../../model/useSettingsSearch";
import type { Way } from "../components/PromptDrawer";
import { usePromptColumns } from "../components/usePromptColumns";
import type { Language } from "../model/languages";
import { PROMPT_STATES, type Prompt, type PromptState, promptsQuery, removePrompt } from "../model/prompts";

const PromptDrawer = lazy(async () => ({
  default: (await import("../components/PromptDrawer")).PromptDrawer,
}));
const RecordDrawer = lazy(async () => ({
  default: (await import("../components/RecordDrawer")).RecordDrawer,
}));
const RewordDrawer = lazy(async () => ({
  default: (await import("../components/RewordDrawer")).RewordDrawer,
}));
const SpeakDrawer = lazy(async () => ({ default: (await import("../components/SpeakDrawer")).SpeakDrawer }));
const UploadDrawer = lazy(async () => ({
  default: (await import("../components/UploadDrawer")).UploadDrawer,
}));

interface Editing {
  how: Way;
  /** null: a new prompt */
  prompt: Prompt | null;
  language?: Language;
}

/** What callers hear: listen, record, bring a file, let the product's voice speak; who says it; what it was before. */
export function PromptsPage() {
  const { t } = useTranslation("flows");
  const { message } = App.useApp();
  const { search, list, query, filter, showList, open } = useSettingsSearch();
  const state = PROMPT_STATES.find((each) => each === search.kind);
  const asked = { ...query, ...(state && { state }), numbers: Boolean(search.search) };
  const prompts = useQuery(promptsQuery(asked));
  const askRemoval = useRemoval();
  const [editing, setEditing] = useState<Editing | null>(null);
  const close = () => setEditing(null);
  const add = (how: Way) => setEditing({ how, prompt: null });
  const remove = (prompt: Prompt) =>
    askRemoval({
      name: prompt.key,
      hint: prompt.is_standard ? t("prompts.restoreHint") : t("prompts.removeHint"),
      onRemove: async () => {
        await removePrompt(prompt.key);
        message.success(prompt.is_standard ? t("prompts.restored") : t("removed", { name: prompt.key }));
      },
    });
  const columns = usePromptColumns({
    onOpen: ({ key }) => open(key),
    onEdit: (how, prompt) => setEditing({ how, prompt }),
    onRemove: remove,
  });
  const openKey = search.open && search.open !== "reword" ? search.open : null;
  const opened = prompts.data?.items.find(({ key }) => key === openKey) ?? null;
  const given = {
    promptKey: editing?.prompt?.key ?? null,
    language: editing?.language,
    text: editing?.prompt?.texts[editing.language ?? "zh"],
    onClose: close,
  };
  const newPrompt = (
    <Dropdown
      trigger={["click"]}
      menu={{
        items: [
          {
            key: "record",
            icon: <Mic size={16} />,
            label: t("prompts.recordNew"),
            onClick: () => add("record"),
          },
          {
            key: "upload",
            icon: <FileUp size={16} />,
            label: t("prompts.uploadNew"),
            onClick: () => add("upload"),
          },
          {
            key: "speak",
            icon: <AudioLines size={16} />,
            label: t("prompts.speakNew"),
            onClick: () => add("speak"),
          },
        ],
      }}
    >
      <Button type="primary" icon={<Plus size={16} />}>
        {t("prompts.add")}
      </Button>
    </Dropdown>
  );
  return (
    <Page>
      <PageHeader
        title={t("prompts.title")}
        hint={t("prompts.hint")}
        actions={
          <>
            <Button icon={<Replace size={16} />} onClick={() => open("reword")}>
              {t("reword.open")}
            </Button>
            <ExportButton path="/api/prompts" query={asked} />
            {newPrompt}
          </>
        }
      />
      <Card>
        <FilterBar
          search={search.search ?? ""}
          onSearch={(text) => filter({ search: text })}
          placeholder={t("prompts.search")}
          views="prompts"
        >
          <Select<PromptState | "">
            aria-label={t("prompts.state")}
            style={{ width: 180 }}
            value={state ?? ""}
            onChange={(kind) => filter({ kind: kind || undefined })}
            options={[
              { value: "", label: t("prompts.states.all") },
              ...PROMPT_STATES.map((each) => ({ value: each, label: t(`prompts.states.${each}`) })),
            ]}
          />
        </FilterBar>
        <DataTable<Prompt>
          label={t("prompts.title")}
          columns={columns}
          rows={prompts.data?.items}
          total={prompts.data?.total}
          rowKey="key"
          list={list}
          onList={showList}
          isLoading={prompts.isPending}
          error={prompts.error}
          onRetry={() => void prompts.refetch()}
          empty={
            <EmptyState
              icon={AudioLines}
              title={t(state ? `prompts.emptyOf.${state}` : "prompts.empty")}
              hint={t(state ? `prompts.emptyOfHint.${state}` : "prompts.emptyHint")}
              action={newPrompt}
            />
          }
        />
      </Card>
      <Suspense>
        {openKey && (
          <PromptDrawer
            promptKey={openKey}
            onEdit={(how, language) => setEditing({ how, prompt: opened, language })}
            onClose={() => open(null)}
          />
        )}
        {search.open === "reword" && <RewordDrawer onClose={() => open(null)} />}
        {editing?.how === "speak" && <SpeakDrawer prompt={editing.prompt} onClose={close} />}
        {editing?.how === "upload" && <UploadDrawer {...given} />}
        {editing?.how === "record" && <RecordDrawer {...given} />}
      </Suspense>
    </Page>
  );
}
