import { Link } from "@tanstack/react-router";
import { Form } from "antd";
import { useTranslation } from "react-i18next";
import { findSpanProblem, HoursSummary, hours, officeWeek, type Weekly, WeeklyField } from "@/features/admin";
import type { Setup } from "../model/useSetup";
import { StepForm } from "./StepForm";
import styles from "./steps.module.css";

/** When calls are answered; outside, callers hear the closed message. */
export function HoursStep({ setup }: { setup: Setup }) {
  const { t } = useTranslation("setup");
  const [present] = setup.hours;
  const check = (weekly: Weekly) =>
    weekly.some((spans) => findSpanProblem(spans) !== null)
      ? Promise.reject(new Error(t("hours.incomplete")))
      : Promise.resolve();
  return (
    <div className={styles.parts}>
      {present && (
        <p>
          <b>{present.name}</b> <HoursSummary weekly={present.weekly} />
        </p>
      )}
      <StepForm<{ weekly: Weekly }>
        key={present ? JSON.stringify(present.weekly) : "new"}
        label={t("hours.title")}
        initial={{ weekly: present?.weekly ?? officeWeek() }}
        save={({ weekly }) =>
          present
            ? hours.change(present.id, { weekly })
            : hours.create({ name: t("hours.defaultName"), weekly, dates: {}, names: {}, time_zone: "" })
        }
        submitLabel={t("hours.save")}
        saved={t("hours.saved")}
      >
        <Form.Item
          name="weekly"
          validateStatus=""
          rules={[{ validator: (_, weekly: Weekly) => check(weekly) }]}
        >
          <WeeklyField />
        </Form.Item>
      </StepForm>
      <p className={styles.hint}>
        {t("hours.holidays")} <Link to={"/admin/hours" as string}>{t("hours.open")}</Link>
      </p>
    </div>
  );
}
