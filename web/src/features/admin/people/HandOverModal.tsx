import { useQuery } from "@tanstack/react-query";
import { App, Descriptions, Form, Modal, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { problemText } from "@/api/problem-text";
import type { User } from "../model/api";
import { allUsers, useSettingsChanged } from "../model/queries";
import { handOver, ownedQuery } from "./queries";

/** What a user owns, and giving all of it to somebody else: before leaving, or for good. */
export function HandOverModal({ user, onClose }: { user: User; onClose: () => void }) {
  const { t, i18n } = useTranslation("people");
  const { message } = App.useApp();
  const changed = useSettingsChanged();
  const owned = useQuery(ownedQuery(user.id));
  const users = useQuery(allUsers);
  const [to, setTo] = useState<number | null>(null);
  const total = (owned.data ?? []).reduce((sum, { count }) => sum + count, 0);
  const isNothing = owned.data !== undefined && total === 0;
  const save = async () => {
    if (to === null) return;
    try {
      await handOver(user.id, to);
      message.success(t("handOver.done", { count: total }));
      await changed();
      onClose();
    } catch (error) {
      message.error(problemText(error));
    }
  };
  return (
    <Modal
      open
      title={t("handOver.title", { name: user.name })}
      okText={t("handOver.save")}
      cancelText={t("cancel")}
      okButtonProps={{ disabled: to === null || total === 0 }}
      onOk={save}
      onCancel={onClose}
    >
      <p>{isNothing ? t("handOver.nothing") : t("handOver.hint")}</p>
      {!isNothing && (
        <>
          <Descriptions
            column={1}
            size="small"
            items={(owned.data ?? []).map(({ kind, zh, en, count }) => ({
              key: kind,
              label: i18n.language === "zh" ? zh : en,
              children: count,
            }))}
          />
          <Form layout="vertical" style={{ marginTop: 12 }}>
            <Form.Item label={t("handOver.to")}>
              <Select
                value={to}
                onChange={setTo}
                showSearch={{ optionFilterProp: "label" }}
                aria-label={t("handOver.to")}
                options={(users.data ?? [])
                  .filter(({ id, is_active }) => id !== user.id && is_active)
                  .map(({ id, name }) => ({ value: id, label: name }))}
              />
            </Form.Item>
          </Form>
        </>
      )}
    </Modal>
  );
}
