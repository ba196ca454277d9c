import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api, bodyOf } from "@/api/client";
import { hasRight, useUser } from "@/api/session";
import { reasonsQuery } from "@/api/settings";
import { navigationFor } from "@/app/navigation";
import { sectionGroups } from "@/features/admin/model/sections";
import { hangUpBy, liveCallOf, telephone, useCommand, useDial } from "@/features/softphone";
import { localName } from "@/lib/names";
import { formatNumber, toDialable } from "@/lib/numbers";
import type { DeskCommand } from "@/live/messages";
import { useLive } from "@/live/store";
import { useTelephone } from "@/telephone/telephone";
import { findItems, type Item } from "./items";

const LEAST_SEARCH = 2;
const CUSTOMERS = 6;

/** Everything that `search` finds for this user, in the order in which it is shown. What the rights forbid is not there. */
export function useItems(search: string): Item[] {
  const text = search.trim();
  const number = toDialable(text);
  const dial = useDialItem(number);
  const customers = useCustomerItems(text);
  const actions = useActionItems();
  const pages = usePageItems();
  return [...(number ? dial : []), ...findItems(actions, text), ...customers, ...findItems(pages, text)];
}

function useDialItem(number: string | null): Item[] {
  const { t } = useTranslation("palette");
  const user = useUser();
  const isOut = useLive(({ me }) => !me || me.state === "logged_out" || me.state === "lost");
  const { dial } = useDial();
  if (!number || isOut || !user?.agent) return [];
  const shown = formatNumber(number);
  return [
    {
      id: `dial ${number}`,
      group: "dial",
      label: t("dial", { number: shown }),
      run: () => void dial({ number }),
    },
  ];
}

function useCustomerItems(search: string): Item[] {
  const user = useUser();
  const navigate = useNavigate();
  const isAsked = hasRight(user, "customers.read") && search.length >= LEAST_SEARCH;
  const { data } = useQuery({
    queryKey: ["customers", "palette", search],
    queryFn: () => bodyOf(api.GET("/api/customers", { params: { query: { search, page_size: CUSTOMERS } } })),
    enabled: isAsked,
    placeholderData: (before) => before,
  });
  if (!isAsked) return [];
  return (data?.items ?? []).map((customer) => ({
    id: `customer ${customer.id}`,
    group: "customers",
    label: customer.name,
    hint: [customer.company, formatNumber(customer.numbers[0]?.masked ?? "")].filter(Boolean).join(" · "),
    run: () =>
      void navigate({ to: "/customers/$customer", params: { customer: String(customer.id) } as never }),
  }));
}

function useActionItems(): Item[] {
  const { t, i18n } = useTranslation(["palette", "softphone"]);
  const user = useUser();
  const me = useLive((state) => state.me);
  const mine = useLive((state) => state.mine);
  const hasLine = useTelephone((state) => state.call?.phase === "talking");
  const isMuted = useTelephone((state) => state.isMuted);
  const reasons = useQuery({ ...reasonsQuery, enabled: Boolean(user?.agent) }).data ?? [];
  const { ask } = useCommand();
  if (!user?.agent || !hasRight(user, "desk")) return [];
  const action = (id: string, label: string, run: () => void): Item => ({
    id: `action ${id}`,
    group: "actions",
    label,
    run,
  });
  const state = (id: string, label: string, command: DeskCommand) =>
    action(id, label, () => void ask(command));
  const states =
    !me || me.state === "logged_out"
      ? [state("SignIn", t("softphone:choose.signIn"), { do: "SignIn" })]
      : [
          state("SetReady", t("softphone:choose.ready"), { do: "SetReady" }),
          ...reasons.map((reason) =>
            state(
              `SetNotReady ${reason.code}`,
              `${t(reason.is_rest ? "softphone:state.rest" : "softphone:state.not_ready")} · ${localName(reason, i18n.language)}`,
              { do: "SetNotReady", reason: reason.code },
            ),
          ),
          state("SignOut", t("softphone:choose.signOut"), { do: "SignOut" }),
        ];
  const call = liveCallOf(me, mine);
  if (!call) return states;
  const isHeld = call.phase === "held";
  const isTalking = call.phase === "talking" || isHeld;
  const colleagues = useLive
    .getState()
    .colleagues.filter(({ id, state: at }) => id !== me?.id && at === "ready");
  return [
    ...(hasLine
      ? [
          action("mute", t(isMuted ? "unmute" : "softphone:call.mute"), () =>
            telephone.setMuted(!useTelephone.getState().isMuted),
          ),
        ]
      : []),
    ...(isTalking && call.consult === null
      ? [
          ...(isHeld && call.is_held_on_telephone
            ? [] // its key alone resumes
            : [
                state(isHeld ? "resume" : "hold", t(isHeld ? "resume" : "softphone:call.hold"), {
                  do: isHeld ? "Resume" : "Hold",
                  interaction: call.id,
                }),
              ]),
          ...colleagues.map((colleague) =>
            state(`transfer ${colleague.id}`, t("transfer", { name: colleague.name }), {
              do: "Transfer",
              interaction: call.id,
              kind: "agent",
              target: colleague.id,
            }),
          ),
        ]
      : []),
    action("hangUp", t("softphone:call.hangUp"), () => void hangUpBy(ask, call)),
    ...states,
  ];
}

function usePageItems(): Item[] {
  const { t } = useTranslation(["palette", "app", "admin"]);
  const user = useUser();
  const navigate = useNavigate();
  const go = (path: string) => () => void navigate({ to: path as "/desk" });
  const pages: Item[] = navigationFor(user).map(({ path, label }) => ({
    id: `page ${path}`,
    group: "pages",
    label: t(`app:navigation.${label}`),
    words: path,
    run: go(path),
  }));
  const own = (["devices", "replies", "shortcuts", "password"] as const)
    .filter((name) => name !== "replies" || hasRight(user, "desk"))
    .map(
      (name): Item => ({
        id: `page /me/${name}`,
        group: "pages",
        label: t(`app:user.${name}`),
        words: name,
        run: go(`/me/${name}`),
      }),
    );
  const settings = hasRight(user, "admin")
    ? sectionGroups.flatMap(({ name: group, sections }) =>
        sections.map(
          ({ name }): Item => ({
            id: `settings ${name}`,
            group: "settings",
            label: t(`admin:sections.${name}.name`),
            hint: t(`admin:groups.${group}`),
            words: `${t(`admin:sections.${name}.words`)} ${name}`,
            run: go(`/admin/${name}`),
          }),
        ),
      )
    : [];
  return [...pages, ...own, ...settings];
}
