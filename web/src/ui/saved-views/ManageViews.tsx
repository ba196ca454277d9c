import { useQuery } from "@tanstack/react-query";
import { Button, Input, Modal, Popconfirm } from "antd";
import { ArrowDown, ArrowUp, Star, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import styles from "./ManageViews.module.css";
import { moved, type SavedView } from "./model";
import { shelfQuery, useViewActions } from "./queries";
import { SharingSelect } from "./SharingSelect";

/** All views of a list: renamed, shared, put in order, removed, and which one the list opens with. */
export function ManageViews({ list, onClose }: { list: string; onClose: () => void }) {
  const { t } = useTranslation("saved-views");
  const { data } = useQuery(shelfQuery(list));
  const actions = useViewActions(list);
  const views = data?.items ?? [];
  const ids = views.map((view) => view.id);
  return (
    <Modal open title={t("manage")} footer={null} onCancel={onClose} width={640}>
      <p>{t("manageHint")}</p>
      <ul className={styles.views}>
        {views.map((view, index) => {
          const isDefault = view.id === data?.default_id;
          return (
            <li key={view.id} className={styles.view}>
              <ViewName view={view} onRename={(name) => actions.change.mutate({ id: view.id, name })} />
              {view.is_mine ? (
                <SharingSelect
                  label={t("sharingOf", { name: view.name })}
                  value={view.sharing}
                  onChange={(sharing) => actions.change.mutate({ id: view.id, sharing })}
                />
              ) : (
                <span className={styles.owner}>{t("by", { name: view.owner_name })}</span>
              )}
              <span className={styles.actions}>
                <Button
                  type="text"
                  size="small"
                  aria-pressed={isDefault}
                  aria-label={t("makeDefault", { name: view.name })}
                  title={t(isDefault ? "opensWith" : "makeDefault", { name: view.name })}
                  icon={<Star size={16} fill={isDefault ? "currentColor" : "none"} />}
                  onClick={() => actions.chooseDefault.mutate(isDefault ? null : view.id)}
                />
                <Button
                  type="text"
                  size="small"
                  disabled={index === 0}
                  aria-label={t("up", { name: view.name })}
                  icon={<ArrowUp size={16} />}
                  onClick={() => actions.order.mutate(moved(ids, view.id, -1))}
                />
                <Button
                  type="text"
                  size="small"
                  disabled={index === views.length - 1}
                  aria-label={t("down", { name: view.name })}
                  icon={<ArrowDown size={16} />}
                  onClick={() => actions.order.mutate(moved(ids, view.id, 1))}
                />
                <Popconfirm
                  title={t("removeQuestion", { name: view.name })}
                  okText={t("remove")}
                  cancelText={t("keep")}
                  onConfirm={() => actions.remove.mutate(view.id)}
                  disabled={!view.is_mine}
                >
                  <Button
                    type="text"
                    size="small"
                    danger
                    disabled={!view.is_mine}
                    aria-label={t("removeNamed", { name: view.name })}
                    icon={<Trash2 size={16} />}
                  />
                </Popconfirm>
              </span>
            </li>
          );
        })}
      </ul>
    </Modal>
  );
}

/** The name, written over where it is one's own: kept on Enter and on leaving the field. */
function ViewName({ view, onRename }: { view: SavedView; onRename: (name: string) => void }) {
  const { t } = useTranslation("saved-views");
  if (!view.is_mine) return <span className={styles.name}>{view.name}</span>;
  const keep = (text: string) => {
    const name = text.trim();
    if (name && name !== view.name) onRename(name);
  };
  return (
    <Input
      key={view.name}
      className={styles.name}
      defaultValue={view.name}
      maxLength={60}
      aria-label={t("nameOf", { name: view.name })}
      onBlur={(event) => keep(event.target.value)}
      onPressEnter={(event) => event.currentTarget.blur()}
    />
  );
}
