import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { App, Button, Input } from "antd";
import { Plus } from "lucide-react";
import { lazy, type ReactNode, Suspense, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, bodyOf } from "@/api/client";
import { problemText } from "@/api/problem-text";
import { useRight, useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { Card } from "@/ui/Page";
import { StatusTag } from "@/ui/StatusTag";
import { consentsQuery, entriesQuery, listTone, ownedQuery, relationsQuery } from "../model/attached";
import styles from "./AttachedSections.module.css";

const AttachedForm = lazy(async () => ({ default: (await import("./AttachedForm")).AttachedForm }));

export type AttachedKind = "products" | "relations" | "consents" | "lists";

/** What is attached to a customer: products, relations, consents, lists; each with its own way to add. */
export function AttachedSections({ customer }: { customer: number }) {
  const { t } = useTranslation("customers");
  const { message, modal } = App.useApp();
  // why somebody is taken off a list, while it is asked
  const reason = useRef("");
  const zone = useTimeZone();
  const queryClient = useQueryClient();
  const mayWrite = useRight("customers.write");
  const mayList = useRight("lists.write");
  const [adding, setAdding] = useState<AttachedKind | null>(null);
  const owned = useQuery(ownedQuery(customer)).data?.items;
  const relations = useQuery(relationsQuery(customer)).data?.items;
  const consents = useQuery(consentsQuery(customer)).data?.items;
  const entries = useQuery(entriesQuery(customer)).data?.items;
  const refresh = () => queryClient.invalidateQueries({ queryKey: ["customers"] });
  const remove = (label: string, act: () => Promise<unknown>, asked?: ReactNode) =>
    modal.confirm({
      title: t("section.removeQuestion", { name: label }),
      ...(asked !== undefined && { content: asked }),
      okText: t("section.remove"),
      okButtonProps: { danger: true },
      cancelText: t("bulk.cancel"),
      autoFocusButton: "cancel",
      onOk: () =>
        act()
          .then(refresh)
          .catch((error: unknown) => void message.error(problemText(error))),
    });

  const removal = (label: string, act: () => Promise<unknown>, asked?: ReactNode) =>
    mayWrite && (
      <Button
        size="small"
        type="text"
        aria-label={`${t("section.remove")} ${label}`}
        onClick={() => remove(label, act, asked)}
      >
        {t("section.remove")}
      </Button>
    );
  const section = (
    kind: AttachedKind,
    none: string,
    add: string,
    mayAdd: boolean,
    items: ReactNode[] | undefined,
  ) => (
    <Card title={t(`section.${kind}`)}>
      {items && items.length > 0 ? (
        <ul className={styles.items}>{items}</ul>
      ) : (
        <p className={styles.minor}>{none}</p>
      )}
      {mayAdd && (
        <Button icon={<Plus size={15} />} onClick={() => setAdding(kind)}>
          {add}
        </Button>
      )}
    </Card>
  );

  return (
    <div className={styles.sections}>
      {section(
        "products",
        t("section.noProducts"),
        t("section.addProduct"),
        mayWrite,
        owned?.map((one) => (
          <li key={one.id}>
            <strong>{one.name}</strong>
            <span className={styles.minor}>
              {[
                one.serial,
                one.purchased_on && t("section.purchased", { day: one.purchased_on }),
                one.warranty_until && t("section.warranty", { day: one.warranty_until }),
                one.note,
              ]
                .filter(Boolean)
                .join(" · ")}
            </span>
            {removal(one.name, () =>
              bodyOf(
                api.DELETE("/api/customers/{customer_id}/products/{owned_id}", {
                  params: { path: { customer_id: customer, owned_id: one.id } },
                }),
              ),
            )}
          </li>
        )),
      )}
      {section(
        "relations",
        t("section.noRelations"),
        t("section.addRelation"),
        mayWrite,
        relations?.map((one) => (
          <li key={one.id}>
            <span className={styles.minor}>{t(`relation.${one.is_from ? "from" : "to"}.${one.kind}`)}</span>
            <Link to="/customers/$customer" params={{ customer: String(one.other_id) }}>
              {one.other_name}
            </Link>
            <span className={styles.minor}>{[one.role, one.note].filter(Boolean).join(" · ")}</span>
            {removal(one.other_name, () =>
              bodyOf(
                api.DELETE("/api/customers/{customer_id}/relations/{relation_id}", {
                  params: { path: { customer_id: customer, relation_id: one.id } },
                }),
              ),
            )}
          </li>
        )),
      )}
      {section(
        "consents",
        t("section.noConsents"),
        t("section.addConsent"),
        mayWrite,
        consents
          ?.filter((one) => one.is_last)
          .map((one) => (
            <li key={one.id}>
              <StatusTag tone={one.is_given ? "ready" : "break"}>
                {t(one.is_given ? "section.given" : "section.withdrawn")}
              </StatusTag>
              {t(`channels.${one.channel}`)} · {t(`purposes.${one.purpose}`)}
              <span className={styles.minor}>
                {[one.how, one.by, formatInstant(one.at, zone)].filter(Boolean).join(" · ")}
              </span>
            </li>
          )),
      )}
      {section(
        "lists",
        t("section.noLists"),
        t("section.addEntry"),
        mayList,
        entries?.map((one) => (
          <li key={one.id}>
            <StatusTag tone={one.state === "active" ? listTone[one.list] : "off"}>
              {t(`lists.${one.list}`)}
            </StatusTag>
            {one.reason}
            <span className={styles.minor}>
              {[
                one.masked,
                one.author,
                formatInstant(one.created_at, zone),
                one.state === "ended" && t("section.ended", { reason: one.ended_reason }),
                one.state === "expired" && t("section.expired"),
              ]
                .filter(Boolean)
                .join(" · ")}
            </span>
            {one.state === "active" &&
              mayList &&
              removal(
                t(`lists.${one.list}`),
                () =>
                  bodyOf(
                    api.POST("/api/lists/{entry_id}/end", {
                      params: { path: { entry_id: one.id } },
                      body: { reason: reason.current },
                    }),
                  ),
                <Input
                  maxLength={300}
                  placeholder={t("section.endReason")}
                  aria-label={t("section.endReason")}
                  onChange={(event) => {
                    reason.current = event.target.value;
                  }}
                />,
              )}
          </li>
        )),
      )}
      {adding && (
        <Suspense fallback={null}>
          <AttachedForm
            kind={adding}
            customer={customer}
            onClose={() => setAdding(null)}
            onSaved={() => {
              setAdding(null);
              void refresh();
            }}
          />
        </Suspense>
      )}
    </div>
  );
}
