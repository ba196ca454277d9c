import { useQuery } from "@tanstack/react-query";
import { AutoComplete } from "antd";
import { Phone } from "lucide-react";
import { useDeferredValue, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, bodyOf } from "@/api/client";
import { useRight } from "@/api/session";
import { localName } from "@/lib/names";
import { formatNumber, toDialable } from "@/lib/numbers";
import { usePrintedKeys } from "@/lib/shortcuts";
import { useShortcutActions } from "@/lib/useHotkeys";
import { useLive } from "@/live/store";
import { KbdHint } from "@/ui/KbdHint";
import { type InputRef, TextInput } from "@/ui/TextInput";
import { slotOf } from "../handover/model";
import { forTransfer } from "../model/contact";
import { useCommand } from "../model/useCommand";
import { useDial } from "../model/useDial";
import styles from "./DialBox.module.css";

const LEAST_SEARCH = 2;
const MOST_INSIDE = 6;

/** Type a number, or the name of a customer, a colleague or a queue, and call. Enter calls what is a number; a parked
 * call's slot fetches it. */
export function DialBox({ isDisabled }: { isDisabled: boolean }) {
  const { t, i18n } = useTranslation("softphone");
  const { dial, isDialling } = useDial();
  const [text, setText] = useState("");
  const field = useRef<InputRef>(null);
  const search = useDeferredValue(text.trim());
  const mayRead = useRight("customers.read");
  const found = useQuery({
    queryKey: ["customers", "dial", search],
    queryFn: () => bodyOf(api.GET("/api/customers", { params: { query: { search, page_size: 6 } } })),
    enabled: mayRead && search.length >= LEAST_SEARCH,
    placeholderData: (before) => before,
  }).data;
  const keys = usePrintedKeys("dial");
  useShortcutActions({ dial: () => field.current?.focus() });

  const { ask } = useCommand();
  const fetchParked = (slot: number) => {
    setText("");
    void ask({ do: "Unpark", slot });
  };
  const call = async (target: Parameters<typeof dial>[0]) => {
    setText("");
    await dial(target);
  };
  const slot = slotOf(text);
  const parked = slot === null ? [] : [{ value: `*${slot}`, label: t("dial.fetch", { slot }) }];
  const customers = (search.length >= LEAST_SEARCH ? (found?.items ?? []) : []).flatMap((customer) =>
    customer.numbers.map((number) => ({
      value: `#${number.id}`,
      label: (
        <span className={styles.option}>
          <span className={styles.name}>{customer.name}</span>
          <span className="numbers">{formatNumber(number.masked)}</span>
        </span>
      ),
    })),
  );
  const inside = useInside(search, i18n.language);
  const number = toDialable(text);
  const isFruitless =
    number === null && inside.length === 0 && found?.items.length === 0 && search.length >= LEAST_SEARCH;
  return (
    <AutoComplete
      className={styles.box ?? ""}
      value={text}
      options={[...parked, ...inside, ...customers]}
      notFoundContent={isFruitless ? t("dial.none", { text: search }) : null}
      disabled={isDisabled}
      popupMatchSelectWidth={300}
      defaultActiveFirstOption={false}
      onChange={(value: string) => !/^[#*@]/.test(value) && setText(value)}
      onSelect={(value: string) => {
        const id = Number(value.replace(/\D/g, ""));
        if (value.startsWith("*")) fetchParked(id);
        else if (value.startsWith("@"))
          void call({ kind: value.includes("queue") ? "queue" : "agent", target: id });
        else void call({ customer_number_id: id });
      }}
    >
      <TextInput
        ref={field}
        prefix={<Phone size={15} aria-hidden />}
        suffix={keys && <KbdHint keys={keys} />}
        placeholder={t("dial.placeholder")}
        aria-label={t("dial.placeholder")}
        disabled={isDisabled || isDialling}
        onPressEnter={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (slot !== null) fetchParked(slot);
          else if (number) void call({ number });
        }}
      />
    </AutoComplete>
  );
}

/** Colleagues and queues by name, to be called as an internal call. */
function useInside(search: string, language: string) {
  const { t } = useTranslation("softphone");
  const me = useLive((state) => state.me?.id);
  const colleagues = useLive((state) => state.colleagues);
  const queues = useLive((state) => state.queues);
  if (search === "") return [];
  const named = [
    ...forTransfer(colleagues, me, search).map(({ id, name, state }) => ({
      value: `@agent:${id}`,
      name,
      more: t(`state.${state}`),
    })),
    ...queues.map((queue) => ({
      value: `@queue:${queue.id}`,
      name: localName(queue, language),
      more: t("dial.queue"),
    })),
  ];
  return named
    .filter(({ name }) => name.toLowerCase().includes(search.toLowerCase()))
    .slice(0, MOST_INSIDE)
    .map(({ value, name, more }) => ({
      value,
      label: (
        <span className={styles.option}>
          <span className={styles.name}>{name}</span>
          <span>{more}</span>
        </span>
      ),
    }));
}
