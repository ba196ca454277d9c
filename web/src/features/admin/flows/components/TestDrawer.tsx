import { useMutation } from "@tanstack/react-query";
import { App, Button, Drawer, Form, Input, Space, Typography } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { problemText } from "@/api/problem-text";
import { type FlowTest, type ScriptRun, saveTest, tryScript } from "../model/tests";
import { RunTold } from "./RunTold";
import { type Slip, SlipList, slipsOf } from "./SlipList";

interface Props {
  flow: number;
  test: FlowTest | null;
  /** what a new test begins with, and what is to be known of it */
  script?: string;
  hint?: string;
  onSaved: () => void;
  onClose: () => void;
}

/** Writes a caller's script, tries it against the saved draft, and keeps it. */
export function TestDrawer({ flow, test, script: begun, hint, onSaved, onClose }: Props) {
  const { t } = useTranslation("flows");
  const { message } = App.useApp();
  const [name, setName] = useState(test?.name ?? "");
  const [script, setScript] = useState(test?.script ?? begun ?? t("tests.example"));
  const [run, setRun] = useState<ScriptRun | null>(test?.run ?? null);
  const [slips, setSlips] = useState<Slip[]>([]);
  const refuse = (error: unknown) => {
    const found = slipsOf(error);
    if (found.length > 0) return setSlips(found);
    void message.error(problemText(error));
  };
  const trying = useMutation({
    mutationFn: () => tryScript(flow, script),
    onMutate: () => setSlips([]),
    onSuccess: setRun,
    onError: refuse,
  });
  const saving = useMutation({
    mutationFn: () => saveTest(flow, test?.id ?? null, { name: name.trim(), script }),
    onMutate: () => setSlips([]),
    onSuccess: () => {
      onSaved();
      onClose();
    },
    onError: refuse,
  });
  return (
    <Drawer
      open
      size={640}
      title={test ? t("tests.editNamed", { name: test.name }) : t("tests.add")}
      onClose={onClose}
      extra={
        <Space>
          <Button loading={trying.isPending} onClick={() => trying.mutate()}>
            {t("tests.try")}
          </Button>
          <Button
            type="primary"
            disabled={name.trim() === ""}
            loading={saving.isPending}
            onClick={() => saving.mutate()}
          >
            {t("tests.save")}
          </Button>
        </Space>
      }
    >
      {hint && <Typography.Paragraph type="secondary">{hint}</Typography.Paragraph>}
      <Form layout="vertical">
        <Form.Item label={t("tests.name")} htmlFor="test-name" required>
          <Input
            id="test-name"
            maxLength={60}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </Form.Item>
        <Form.Item label={t("tests.script")} htmlFor="test-script" extra={t("tests.scriptHint")}>
          <Input.TextArea
            id="test-script"
            rows={12}
            spellCheck={false}
            value={script}
            onChange={(event) => setScript(event.target.value)}
          />
        </Form.Item>
      </Form>
      <div role="status">
        {slips.length > 0 ? <SlipList slips={slips} /> : run && <RunTold flow={flow} run={run} />}
      </div>
      <Typography.Title level={5}>{t("tests.help")}</Typography.Title>
      <Typography.Paragraph>
        <pre>{t("tests.words")}</pre>
      </Typography.Paragraph>
    </Drawer>
  );
}
