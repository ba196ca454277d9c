import { Button, Form, Input, Switch } from "antd";
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

/** When and by whom the draft is called. */
export function TrialWorld({ world, onWorld, isBusy, onBegin, onPhone }: Props) {
  const { t } = useTranslation("trial-call");
  const change = (part: Partial<World>) => onWorld({ ...world, ...part });
  return (
    <Form layout="vertical" onFinish={onBegin}>
      <p className={styles.hint}>{t("hint")}</p>
      <Form.Item label={t("world.at")} htmlFor="trial-at" extra={t("world.atHint")}>
        <Input
          id="trial-at"
          type="datetime-local"
          value={world.at}
          onChange={(event) => change({ at: event.target.value })}
        />
      </Form.Item>
      <Form.Item label={t("world.number")} htmlFor="trial-number">
        <Input
          id="trial-number"
          inputMode="tel"
          maxLength={20}
          value={world.number}
          onChange={(event) => change({ number: event.target.value.replace(/[^\d+]/g, "") })}
        />
      </Form.Item>
      <Form.Item label={t("world.vip")} htmlFor="trial-vip" layout="horizontal">
        <Switch id="trial-vip" checked={world.isVip} onChange={(isVip) => change({ isVip })} />
      </Form.Item>
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
      <Button type="primary" htmlType="submit" icon={<PhoneCall size={16} />} loading={isBusy}>
        {t("begin")}
      </Button>
      <fieldset className={styles.phone}>
        <legend>{t("phone.title")}</legend>
        <p className={styles.hint}>{t("phone.hint")}</p>
        <Form.Item
          label={t("phone.mayChange")}
          htmlFor="trial-change"
          layout="horizontal"
          extra={t("phone.mayChangeHint")}
        >
          <Switch
            id="trial-change"
            checked={world.mayChange}
            onChange={(mayChange) => change({ mayChange })}
          />
        </Form.Item>
        <Button icon={<Headset size={16} />} onClick={onPhone}>
          {t("phone.begin")}
        </Button>
      </fieldset>
    </Form>
  );
}
