import { Link } from "@tanstack/react-router";
import { Form, Input, Segmented } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import {
  createFlow,
  FRESH_TRUNK,
  numbers,
  TrunkFields,
  TrunkTest,
  type TrunkValues,
  toNewTrunk,
  trunks,
} from "@/features/admin";
import { formatNumber } from "@/lib/numbers";
import type { Setup } from "../model/useSetup";
import { StepForm } from "./StepForm";
import styles from "./steps.module.css";

/** How calls come in: a carrier's line and its number, or an internal number to try things with. */
export function LineStep({ setup }: { setup: Setup }) {
  const { t } = useTranslation("setup");
  const [way, setWay] = useState<"trunk" | "internal">(setup.trunks.length > 0 ? "trunk" : "internal");
  return (
    <div className={styles.parts}>
      <Segmented
        aria-label={t("line.title")}
        value={way}
        onChange={setWay}
        options={(["internal", "trunk"] as const).map((each) => ({
          value: each,
          label: t(`line.ways.${each}`),
        }))}
      />
      <p className={styles.hint}>{t(`line.wayHints.${way}`)}</p>
      {way === "trunk" && <TrunkPart setup={setup} />}
      {(way === "internal" || setup.trunks.length > 0) && <NumberPart setup={setup} way={way} />}
    </div>
  );
}

function TrunkPart({ setup }: { setup: Setup }) {
  const { t } = useTranslation("setup");
  if (setup.trunks.length > 0)
    return (
      <ul className={styles.list} aria-label={t("line.trunks")}>
        {setup.trunks.map((trunk) => (
          <li key={trunk.id}>
            <b>{trunk.name}</b>
            <TrunkTest trunk={trunk} />
            <Link to={"/admin/trunks" as string} search={{ open: String(trunk.id) }}>
              {t("line.changeTrunk")}
            </Link>
          </li>
        ))}
      </ul>
    );
  return (
    <StepForm<TrunkValues>
      label={t("line.addTrunk")}
      initial={{ ...FRESH_TRUNK, name: t("line.trunkName") }}
      save={(values) => trunks.create(toNewTrunk({ ...FRESH_TRUNK, ...values }))}
      submitLabel={t("line.addTrunk")}
      saved={t("line.trunkSaved")}
    >
      <Form.Item name="name" label={t("name")} rules={[{ required: true }]}>
        <Input maxLength={60} />
      </Form.Item>
      <TrunkFields hasSecret={false} />
    </StepForm>
  );
}

interface NumberValues {
  number: string;
  name?: string;
}

function NumberPart({ setup, way }: { setup: Setup; way: "trunk" | "internal" }) {
  const { t } = useTranslation("setup");
  const save = async ({ number, name = "" }: NumberValues) => {
    // A number leads to a flow from the beginning; what the flow does is made in its own step.
    const flow = setup.flows[0] ?? (await createFlow({ name: t("flow.defaultName") }));
    await numbers.create({ number, name, flow_id: flow.id, is_vip: false });
  };
  return (
    <>
      {setup.numbers.length > 0 && (
        <ul className={styles.list} aria-label={t("line.numbers")}>
          {setup.numbers.map(({ id, number, name }) => (
            <li key={id}>
              <b className="numbers">{formatNumber(number)}</b> {name}
            </li>
          ))}
        </ul>
      )}
      <StepForm<NumberValues>
        key={way}
        label={t("line.addNumber")}
        initial={
          setup.numbers.length === 0 && way === "internal" ? { number: "8001", name: t("line.testName") } : {}
        }
        save={save}
        submitLabel={t("line.addNumber")}
        saved={t("line.numberSaved")}
      >
        <Form.Item
          name="number"
          label={t("line.number")}
          extra={t(`line.numberHints.${way}`)}
          rules={[{ required: true }]}
        >
          <Input maxLength={32} inputMode="tel" autoComplete="off" className={styles.short ?? ""} />
        </Form.Item>
        <Form.Item name="name" label={t("line.numberName")} extra={t("line.numberNameHint")}>
          <Input maxLength={60} className={styles.short ?? ""} />
        </Form.Item>
      </StepForm>
    </>
  );
}
