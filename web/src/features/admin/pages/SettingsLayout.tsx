import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { Input } from "antd";
import { Search } from "lucide-react";
import { Suspense, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { PageSkeleton } from "../components/PageSkeleton";
import { findSections } from "../model/sections";
import { findSettings, settingsIndex } from "../settings-index";
import styles from "./SettingsLayout.module.css";

/** Settings: the sections at the left, searchable by what they are about; the chosen one beside them. */
export function SettingsLayout() {
  const { t } = useTranslation("admin");
  const [search, setSearch] = useState("");
  const index = useMemo(() => settingsIndex(t as (key: string) => string), [t]);
  const groups = findSections(
    search,
    (name) => index.find((entry) => entry.section === name && !entry.isSingle)?.words ?? name,
  );
  const list = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another address chooses another section
  useEffect(() => {
    list.current
      ?.querySelector("[aria-current=page]")
      ?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [pathname]);
  const singles = findSettings(index, search).filter(({ isSingle }) => isSingle);
  return (
    <div className={styles.layout}>
      <nav ref={list} className={styles.sections} aria-label={t("layout.sections")}>
        <Input
          prefix={<Search size={15} aria-hidden />}
          value={search}
          allowClear
          placeholder={t("layout.search")}
          aria-label={t("layout.search")}
          onChange={(event) => setSearch(event.target.value)}
        />
        {singles.length > 0 && (
          <section className={styles.group} aria-labelledby="settings-singles">
            <h2 id="settings-singles" className={styles.groupName}>
              {t("layout.singles")}
            </h2>
            <ul>
              {singles.map(({ name, address, icon: Icon }) => (
                <li key={name}>
                  <Link to={address as string} className={styles.item}>
                    <Icon size={16} aria-hidden />
                    {name}
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        )}
        {groups.length === 0 && singles.length === 0 && (
          <p className={styles.nothing}>{t("layout.nothing", { search })}</p>
        )}
        {groups.map((group) => (
          <section key={group.name} className={styles.group} aria-labelledby={`settings-${group.name}`}>
            <h2 id={`settings-${group.name}`} className={styles.groupName}>
              {t(`groups.${group.name}`)}
            </h2>
            <ul>
              {group.sections.map(({ name, icon: Icon }) => (
                <li key={name}>
                  <Link
                    to={`/admin/${name}` as string}
                    className={styles.item}
                    activeProps={{ className: styles.active ?? "" }}
                    activeOptions={{ includeSearch: false }}
                  >
                    <Icon size={16} aria-hidden />
                    {t(`sections.${name}.name`)}
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </nav>
      <div className={styles.section}>
        <Suspense fallback={<PageSkeleton />}>
          <Outlet />
        </Suspense>
      </div>
    </div>
  );
}
