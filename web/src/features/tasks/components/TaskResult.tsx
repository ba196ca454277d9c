import { App, Button, Checkbox, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { instantOf, wallOf } from "@/lib/days";
import { useServerNow } from "@/live/useServerNow";
import { Choice } from "@/ui/Choice";
import type { Task } from "../model/queries";
import { useTaskChanges } from "../model/useTaskChanges";
import styles from "./TaskDrawer.module.css";

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
const OUTCOMES = ["reached", "not_reached", "refused"] as const;

interface Values {
  outcome?: (typeof OUTCOMES)[number];
  result?: string;
  hasNext?: boolean;
  nextSubject?: string;
  nextAt?: string;
  againAt?: string;
  doNotCall?: boolean;
}

/** What came of it, and when to speak again. */
export function TaskResult({ task, onDone }: { task: Task; onDone: (isNextWanted: boolean) => void }) {
  const { t } = useTranslation("tasks");
  const { message } = App.useApp();
  const zone = useTimeZone();
  const now_ms = useServerNow();
  const [form] = Form.useForm<Values>();
  const hasNext = Form.useWatch("hasNext", form);
  const outcome = Form.useWatch("outcome", form);
  const { complete, tryAgain } = useTaskChanges();
  const triesLeft = (task.max_attempts ?? Number.POSITIVE_INFINITY) - task.attempts;
  const putOff = async () => {
    const { againAt, result } = await form.validateFields();
    if (!againAt) return;
    const again_at = instantOf(againAt, zone);
    if (!(await tryAgain(task.id, { again_at, result: result ?? "" }))) return;
    message.success(t("task.snoozed"));
    onDone(true);
  };
  const finish = async (isNextWanted: boolean) => {
    const { result, nextSubject, nextAt, doNotCall } = await form.validateFields();
    const due_at = hasNext && nextAt ? instantOf(nextAt, zone) : null;
    const isDone = await complete(task.id, {
      outcome: outcome ?? "",
      do_not_call: outcome === "refused" && Boolean(doNotCall),
      result: result ?? "",
      following: due_at
        ? {
            subject: nextSubject?.trim() || task.subject,
            how: task.how,
            due_at,
            remind_at: due_at,
            owner_id: task.owner?.id ?? null,
          }
        : null,
    });
    if (!isDone) return;
    message.success(t("task.saved"));
    onDone(isNextWanted);
  };
  return (
    <Form<Values>
      form={form}
      layout="vertical"
      initialValues={{
        nextSubject: task.subject,
        nextAt: wallOf(now_ms + WEEK_MS, zone),
        againAt: wallOf(now_ms + DAY_MS, zone),
      }}
    >
      <Form.Item name="outcome" label={t("outcome.label")}>
        <OutcomeField label={t("outcome.label")} />
      </Form.Item>
      <Form.Item name="result" label={t("task.result")}>
        <Input.TextArea rows={4} maxLength={5000} placeholder={t("task.resultHint")} />
      </Form.Item>
      {outcome === "refused" && (
        <Form.Item name="doNotCall" valuePropName="checked">
          <Checkbox>{t("task.doNotCall")}</Checkbox>
        </Form.Item>
      )}
      {outcome === "not_reached" &&
        (triesLeft > 1 ? (
          <div className={styles.again}>
            <Form.Item name="againAt" label={t("task.again")}>
              <Input type="datetime-local" />
            </Form.Item>
            <Button onClick={() => void putOff().catch(() => undefined)}>{t("task.tryAgain")}</Button>
          </div>
        ) : (
          <p>{t("task.triesOver")}</p>
        ))}
      <Form.Item name="hasNext" valuePropName="checked">
        <Checkbox>{t("task.next")}</Checkbox>
      </Form.Item>
      {hasNext && (
        <>
          <Form.Item name="nextSubject" label={t("task.nextSubject")}>
            <Input maxLength={200} />
          </Form.Item>
          <Form.Item
            name="nextAt"
            label={t("task.nextIn")}
            rules={[{ required: true, message: t("form.dueMissing") }]}
          >
            <Input type="datetime-local" />
          </Form.Item>
        </>
      )}
      <div className={styles.buttons}>
        <Button onClick={() => void finish(false).catch(() => undefined)}>{t("task.done")}</Button>
        <Button type="primary" onClick={() => void finish(true).catch(() => undefined)}>
          {t("task.doneNext")}
        </Button>
      </div>
    </Form>
  );
}

/** `Choice` as antd's form gives a field its value. */
function OutcomeField({
  label,
  value,
  onChange,
}: {
  label: string;
  value?: (typeof OUTCOMES)[number];
  onChange?: (outcome: (typeof OUTCOMES)[number]) => void;
}) {
  const { t } = useTranslation("tasks");
  return (
    <Choice
      label={label}
      value={value ?? ""}
      options={OUTCOMES.map((one) => ({ value: one, label: t(`outcome.${one}`) }))}
      onChange={(one) => onChange?.(one)}
    />
  );
}
