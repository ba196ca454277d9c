import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Checkbox, Form, Input, Skeleton } from "antd";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { problemText } from "@/api/problem-text";
import { askToNotify, mayNotify } from "@/telephone/attention";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { CATEGORIES, type Category, preferencesQuery } from "../model/queries";
import styles from "./PreferencesForm.module.css";

interface Values {
  wanted: Category[];
  from: string;
  until: string;
  has_sound: boolean;
  on_desktop: boolean;
}

/** How one wants to be told. */
export function PreferencesForm() {
  const { t } = useTranslation(["notifications", "ui"]);
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const { data, error, refetch, isPending } = useQuery({ ...preferencesQuery, staleTime: 0 });
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (isPending) return <Skeleton active />;
  const save = async ({ wanted, from, until, has_sound, on_desktop }: Values) => {
    try {
      await api.PUT("/api/notifications/preferences", {
        body: {
          muted: CATEGORIES.filter((one) => !wanted.includes(one)),
          quiet_from: from || null,
          quiet_until: until || null,
          has_sound,
          on_desktop,
        },
      });
      await queryClient.invalidateQueries({ queryKey: preferencesQuery.queryKey });
      message.success(t("preferences.saved"));
    } catch (problem) {
      message.error(problemText(problem));
    }
  };
  const askBrowser = async (isWanted: boolean) => {
    if (!isWanted) return;
    await askToNotify();
    if (!mayNotify()) message.warning(t("preferences.denied"));
  };
  const initial: Values = {
    wanted: CATEGORIES.filter((one) => !data.muted.includes(one)),
    from: data.quiet_from?.slice(0, 5) ?? "",
    until: data.quiet_until?.slice(0, 5) ?? "",
    has_sound: data.has_sound,
    on_desktop: data.on_desktop,
  };
  return (
    <Form<Values> layout="vertical" initialValues={initial} onFinish={(values) => void save(values)}>
      <Form.Item name="wanted" label={t("preferences.which")} extra={t("preferences.whichHint")}>
        <Checkbox.Group
          className={styles.choices ?? ""}
          options={CATEGORIES.map((one) => ({ value: one, label: t(`category.${one}`) }))}
        />
      </Form.Item>
      <fieldset className={styles.quiet}>
        <legend>{t("preferences.quiet")}</legend>
        <Form.Item name="from" label={t("preferences.from")}>
          <Input type="time" />
        </Form.Item>
        <Form.Item name="until" label={t("preferences.until")}>
          <Input type="time" />
        </Form.Item>
        <p className={styles.hint}>{t("preferences.quietHint")}</p>
      </fieldset>
      <fieldset className={styles.how}>
        <legend>{t("preferences.how")}</legend>
        <Form.Item name="has_sound" valuePropName="checked" noStyle>
          <Checkbox>{t("preferences.sound")}</Checkbox>
        </Form.Item>
        <Form.Item name="on_desktop" valuePropName="checked" noStyle>
          <Checkbox onChange={(event) => void askBrowser(event.target.checked)}>
            {t("preferences.desktop")}
          </Checkbox>
        </Form.Item>
      </fieldset>
      <Button type="primary" htmlType="submit">
        {t("ui:save")}
      </Button>
    </Form>
  );
}
