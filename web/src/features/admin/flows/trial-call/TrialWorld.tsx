import { Button, Form, Input, Segmented, Switch } from "antd";
import { Headset, PhoneCall } from "lucide-react";
import { useTranslation } from "react-i18next";
import styles from "./TrialPanel.module.css";
import type { World } from "./useTrial";

interface Props {
  world: World;
  onWorld: (world: World) => void;
  isBusy: boolean;
  onBegin: () => void;
  /** Call by the browser's telephone. */
  onPhone: () => void;
}

/** How, when and by whom the draft is called. */
export function TrialWorld({ world, onWorld, isBusy, onBegin, onPhone }: Props) {
  const { t } = useTranslation("trial-call");
  const change = (part: Partial<World>) => onWorld({ ...world, ...part });
  const { isByPhone } = world;
  return (
    <Form layout="vertical" className={styles.world ?? ""} onFinish={isByPhone ? onPhone : onBegin}>
      <Segmented
        block
        aria-label={t("way")}
        className={styles.way}
        value={isByPhone ? "phone" : "virtual"}
        onChange={(way) => change({ isByPhone: way === "phone" })}
        options={[
          { value: "virtual", label: t("ways.virtual") },
          { value: "phone", label: t("ways.phone") },
        ]}
      />
      <p className={styles.hint}>{t(isByPhone ? "phone.hint" : "hint")}</p>
      {!isByPhone && (
        <Form.Item label={t("world.at")} htmlFor="trial-at" extra={t("world.atHint")}>
          <Input
            id="trial-at"
            type="datetime-local"
            value={world.at}
            onChange={(event) => change({ at: event.target.value })}
          />
        </Form.Item>
      )}
      <Form.Item label={t("world.number")} htmlFor="trial-number">
        <Input
          id="trial-number"
          inputMode="tel"
          maxLength={20}
          value={world.number}
          onChange={(event) => change({ number: event.target.value.replace(/[^\d+]/g, "") })}
        />
      </Form.Item>
      <div className={styles.choice}>
        <label htmlFor="trial-vip">{t("world.vip")}</label>
        <Switch id="trial-vip" checked={world.isVip} onChange={(isVip) => change({ isVip })} />
      </div>
      {isByPhone ? (
        <>
          <div className={styles.choice}>
            <label htmlFor="trial-change">{t("phone.mayChange")}</label>
            <Switch
              id="trial-change"
              aria-describedby="trial-change-hint"
              checked={world.mayChange}
              onChange={(mayChange) => change({ mayChange })}
            />
          </div>
          <p id="trial-change-hint" className={styles.hint}>
            {t("phone.mayChangeHint")}
          </p>
        </>
      ) : (
        <Form.Item label={t("world.more")} htmlFor="trial-more" extra={t("world.moreHint")}>
          <Input.TextArea
            id="trial-more"
            rows={3}
            maxLength={2000}
            spellCheck={false}
            placeholder={t("world.moreExample")}
            value={world.more}
            onChange={(event) => change({ more: event.target.value })}
          />
        </Form.Item>
      )}
      <div className={styles.begin}>
        <Button
          type="primary"
          htmlType="submit"
          icon={isByPhone ? <Headset size={16} /> : <PhoneCall size={16} />}
          loading={isBusy}
        >
          {t(isByPhone ? "phone.begin" : "begin")}
        </Button>
      </div>
    </Form>
  );
}
