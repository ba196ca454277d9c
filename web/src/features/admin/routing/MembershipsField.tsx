import { InputNumber } from "antd";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { PLAIN_MEMBERSHIP } from "./matrix";
import styles from "./Routing.module.css";

type Membership = Schema<"QueueMembership">;

interface Props {
  id?: string;
  value?: Membership[];
  onChange?: (value: Membership[]) => void;
  members: readonly { id: number; name: string }[];
}

const FIELDS = [
  ["order", 1, 99],
  ["delay_s", 0, 86_400],
  ["tier", 1, 99],
  ["share", 0, 1000],
] as const;

/** How each member serves the queue. Who serves it the plain way stands in no list. */
export function MembershipsField({ id, value = [], onChange, members }: Props) {
  const { t } = useTranslation("routing");
  const change = (agent: number, part: Partial<Membership>) => {
    const others = value.filter((one) => one.agent !== agent);
    const next = { ...PLAIN_MEMBERSHIP, ...value.find((one) => one.agent === agent), ...part, agent };
    const isPlain = FIELDS.every(([name]) => next[name] === PLAIN_MEMBERSHIP[name]);
    onChange?.(isPlain ? others : [...others, next]);
  };
  if (members.length === 0) return <p className={styles.hint}>{t("members.nobody")}</p>;
  return (
    <table {...(id !== undefined && { id })} className={styles.members}>
      <thead>
        <tr>
          <th scope="col">{t("members.agent")}</th>
          {FIELDS.map(([name]) => (
            <th key={name} scope="col">
              {t(`members.${name}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {members.map((member) => {
          const way = value.find((one) => one.agent === member.id) ?? PLAIN_MEMBERSHIP;
          return (
            <tr key={member.id}>
              <th scope="row">{member.name}</th>
              {FIELDS.map(([name, min, max]) => (
                <td key={name}>
                  <InputNumber
                    size="small"
                    min={min}
                    max={max}
                    precision={0}
                    value={way[name]}
                    aria-label={t("members.of", { name: member.name, field: t(`members.${name}`) })}
                    style={{ width: 72 }}
                    onChange={(typed) => change(member.id, { [name]: typed ?? PLAIN_MEMBERSHIP[name] })}
                  />
                </td>
              ))}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
