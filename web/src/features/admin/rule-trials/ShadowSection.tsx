import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { formatDuration, formatInstant } from "@/lib/time";
import type { ShadowReport } from "./api";
import styles from "./RuleTrials.module.css";

type Group = ShadowReport["queues"][number];
type Example = ShadowReport["examples"][number];

/** How the draft's answers differ from what was decided. */
export function ShadowSection({ report }: { report: ShadowReport }) {
  const { t } = useTranslation("rule-trials");
  const zone = useTimeZone();
  const share = report.decisions ? Math.round((100 * report.different) / report.decisions) : 0;
  const figures = [
    ["decisions", String(report.decisions)],
    ["different", `${report.different} · ${share} %`],
    ["other_agent", String(report.other_agent)],
    ["other_contact", String(report.other_contact)],
    ["sooner", String(report.sooner)],
    ["later", String(report.later)],
  ] as const;
  return (
    <section className={styles.section} aria-label={t("shadow.title")}>
      <h2>{t("shadow.title")}</h2>
      <p className={styles.hint}>{t("shadow.since", { when: formatInstant(report.since, zone) })}</p>
      {report.decisions === 0 ? (
        <p>{t("shadow.nothing")}</p>
      ) : (
        <>
          <dl className={styles.figures}>
            {figures.map(([name, value]) => (
              <div key={name}>
                <dt>{t(`shadow.${name}`)}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
          {report.mean_sooner_s !== null && (
            <p>{t("shadow.meanSooner", { time: formatDuration(Math.round(report.mean_sooner_s)) })}</p>
          )}
          <Groups label={t("shadow.byQueue")} groups={report.queues} />
          <Groups label={t("shadow.byClass")} groups={report.classes} />
          {report.agents.length > 0 && (
            <table className={styles.table}>
              <thead>
                <tr>
                  <th scope="col">{t("shadow.agent")}</th>
                  <th scope="col">{t("shadow.gained")}</th>
                  <th scope="col">{t("shadow.lost")}</th>
                </tr>
              </thead>
              <tbody>
                {report.agents.map((one) => (
                  <tr key={one.agent}>
                    <th scope="row">{one.agent_name}</th>
                    <td>{one.gained ? `+${one.gained}` : 0}</td>
                    <td>{one.lost ? `−${one.lost}` : 0}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
          {report.examples.length > 0 && (
            <>
              <h3>{t("shadow.examples")}</h3>
              <ul className={styles.examples}>
                {report.examples.map((one) => (
                  <li key={`${one.contact} ${one.at}`}>
                    <Link to="/interactions/$interaction" params={{ interaction: one.contact }}>
                      {formatInstant(one.at, zone)}
                    </Link>{" "}
                    <Told example={one} />
                  </li>
                ))}
              </ul>
            </>
          )}
        </>
      )}
      <p className={styles.hint}>{t("shadow.limits")}</p>
    </section>
  );
}

function Told({ example }: { example: Example }) {
  const { t } = useTranslation("rule-trials");
  const agent = example.agent_name;
  if (example.draft_contact && example.draft_contact !== example.contact)
    return (
      <>
        {t("told.contact", { agent })}{" "}
        <Link to="/interactions/$interaction" params={{ interaction: example.draft_contact }}>
          {t("told.contactLink")}
        </Link>
      </>
    );
  if (!example.draft_agent_name || !example.draft_contact)
    return example.later_s === null
      ? t("told.never", { agent })
      : t("told.later", { agent, time: formatDuration(example.later_s) });
  const sooner = example.sooner_s > 0 ? t("told.sooner", { time: formatDuration(example.sooner_s) }) : "";
  return example.draft_agent_name === agent
    ? t("told.soonerSame", { agent, sooner })
    : t("told.agent", { agent, draft: example.draft_agent_name, sooner });
}

function Groups({ label, groups }: { label: string; groups: readonly Group[] }) {
  const { t } = useTranslation("rule-trials");
  if (groups.length === 0 || (groups.length === 1 && groups[0]?.key === "")) return null;
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{label}</th>
          <th scope="col">{t("shadow.decisions")}</th>
          <th scope="col">{t("shadow.different")}</th>
        </tr>
      </thead>
      <tbody>
        {groups.map((one) => (
          <tr key={one.key}>
            <th scope="row">{one.name || t("noClass")}</th>
            <td>{one.decisions}</td>
            <td>{one.different}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
