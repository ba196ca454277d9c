import { useMutation } from "@tanstack/react-query";
import { App, Button, Drawer, Form, Input, Space, Typography } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "@/api/problem";
import { problemText } from "@/api/problem-text";
import { type FlowTest, type ScriptRun, saveTest, tryScript } from "../model/tests";
import { RunTold } from "./RunTold";

interface Props {
  flow: number;
  test: FlowTest | null;
  onSaved: () => void;
  onClose: () => void;
}

interface Slip {
  line: number;
  code: string;
  text: string;
}

/** Writes a caller's script, tries it against the saved draft, and keeps it. */
export function TestDrawer({ flow, test, onSaved, onClose }: Props) {
  const { t, i18n } = useTranslation("flows");
  const { message } = App.useApp();
  const [name, setName] = useState(test?.name ?? "");
  const [script, setScript] = useState(test?.script ?? t("tests.example"));
  const [run, setRun] = useState<ScriptRun | null>(test?.run ?? null);
  const [slips, setSlips] = useState<Slip[]>([]);
  const refuse = (error: unknown) => {
    if (error instanceof ApiProblem && error.code === "bad_script")
      return setSlips((error.facts.slips as Slip[] | undefined) ?? []);
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
  const slipWords = (code: string) =>
    i18n.exists(`flows:tests.slips.${code}`) ? t(`tests.slips.${code as "unknown_word"}`) : code;
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
        {slips.length > 0 ? (
          <ul>
            {slips.map(({ line, code, text }) => (
              <li key={`${line} ${code}`}>
                {t("tests.lineSlip", { line })} <Typography.Text code>{text}</Typography.Text>{" "}
                {slipWords(code)}
              </li>
            ))}
          </ul>
        ) : (
          run && <RunTold run={run} />
        )}
      </div>
      <Typography.Title level={5}>{t("tests.help")}</Typography.Title>
      <Typography.Paragraph>
        <pre>{t("tests.words")}</pre>
      </Typography.Paragraph>
    </Drawer>
  );
}
