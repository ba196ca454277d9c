import { useQuery } from "@tanstack/react-query";
import { Alert, App, Button, Drawer, Flex, Form, Input, Progress, Table } from "antd";
import { Replace } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { problemText } from "@/api/problem-text";
import { useIsViewing } from "@/api/session";
import { EmptyState } from "@/ui/EmptyState";
import { StatusTag } from "@/ui/StatusTag";
import { allPrompts, useSettingsChanged } from "../../model/queries";
import { LANGUAGES } from "../model/languages";
import { speakPrompt } from "../model/prompts";
import { type Reworded, reword } from "../model/rewording";

/** Replace words in many prompts and let the voice say them anew; what a person recorded is left out unless chosen. */
export function RewordDrawer({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("flows");
  const { message } = App.useApp();
  const isViewing = useIsViewing();
  const changed = useSettingsChanged();
  const prompts = useQuery(allPrompts);
  const [find, setFind] = useState("");
  const [replacement, setReplacement] = useState("");
  /** chosen or left out by hand; else a made voice is chosen and a person's is not */
  const [choices, setChoices] = useState<Readonly<Record<string, boolean>>>({});
  const [progress, setProgress] = useState<{ done: number; of: number } | null>(null);
  const [failed, setFailed] = useState<readonly string[]>([]);
  const found = reword(prompts.data ?? [], find, replacement);
  const chosen = found.filter(({ key, isRecorded }) => choices[key] ?? !isRecorded);
  const speakAll = async () => {
    const problems: string[] = [];
    for (const [done, { key, texts }] of chosen.entries()) {
      setProgress({ done, of: chosen.length });
      try {
        await speakPrompt(key, texts);
      } catch (error) {
        problems.push(`${key}: ${problemText(error)}`);
      }
    }
    setProgress(null);
    setFailed(problems);
    await changed();
    if (problems.length === 0) {
      message.success(t("reword.done", { count: chosen.length }));
      onClose();
    }
  };
  return (
    <Drawer
      title={t("reword.title")}
      open
      onClose={onClose}
      size={820}
      footer={
        <Flex justify="flex-end" gap={8}>
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button
            type="primary"
            loading={progress !== null}
            disabled={isViewing || chosen.length === 0}
            onClick={() => void speakAll()}
          >
            {t("reword.speak", { count: chosen.length })}
          </Button>
        </Flex>
      }
    >
      <p style={{ marginBottom: 16 }}>{t("reword.hint")}</p>
      <Form layout="vertical">
        <Flex gap={12}>
          <Form.Item label={t("reword.find")} style={{ flex: 1 }}>
            <Input
              aria-label={t("reword.find")}
              value={find}
              maxLength={100}
              autoFocus
              onChange={(event) => setFind(event.target.value)}
            />
          </Form.Item>
          <Form.Item label={t("reword.replacement")} style={{ flex: 1 }}>
            <Input
              aria-label={t("reword.replacement")}
              value={replacement}
              maxLength={100}
              onChange={(event) => setReplacement(event.target.value)}
            />
          </Form.Item>
        </Flex>
      </Form>
      {progress && <Progress percent={Math.round((100 * progress.done) / progress.of)} />}
      {failed.length > 0 && (
        <Alert type="error" showIcon title={t("reword.failed")} description={failed.join("\n")} />
      )}
      <Table<Reworded>
        aria-label={t("reword.title")}
        size="small"
        rowKey="key"
        loading={prompts.isPending}
        dataSource={found}
        pagination={{ pageSize: 20, hideOnSinglePage: true }}
        rowSelection={{
          selectedRowKeys: chosen.map(({ key }) => key),
          getCheckboxProps: ({ key }) => ({ "aria-label": t("reword.choose", { key }) }),
          getTitleCheckboxProps: () => ({ "aria-label": t("reword.chooseAll") }),
          onChange: (keys) =>
            setChoices(Object.fromEntries(found.map(({ key }) => [key, keys.includes(key)]))),
        }}
        locale={{
          emptyText: (
            <EmptyState
              icon={Replace}
              title={t(find ? "reword.nothing" : "reword.empty")}
              hint={t(find ? "reword.nothingHint" : "reword.emptyHint")}
            />
          ),
        }}
        columns={[
          {
            key: "key",
            title: t("prompts.key"),
            render: (_, { key, isRecorded }) => (
              <>
                <code>{key}</code> {isRecorded && <StatusTag tone="break">{t("reword.recorded")}</StatusTag>}
              </>
            ),
          },
          {
            key: "words",
            title: t("reword.words"),
            render: (_, { before, texts }) =>
              LANGUAGES.filter((language) => texts[language]).map((language) => (
                <div key={language}>
                  <del style={{ color: "var(--text-2)" }}>{before[language]}</del>{" "}
                  <ins>{texts[language]}</ins>
                </div>
              )),
          },
        ]}
      />
    </Drawer>
  );
}
