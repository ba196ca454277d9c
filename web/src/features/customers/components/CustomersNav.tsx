import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { hasRight, type Right, useUser } from "@/api/session";
import styles from "./CustomersNav.module.css";

const places: readonly { name: "all" | "pool" | "lists" | "duplicates"; to: string; right: Right }[] = [
  { name: "all", to: "/customers", right: "customers.read" },
  { name: "pool", to: "/customers/pool", right: "customers.read" },
  { name: "lists", to: "/customers/lists", right: "customers.read" },
  { name: "duplicates", to: "/customers/duplicates", right: "customers.merge" },
];

/** The pages about customers, above each of them. */
export function CustomersNav() {
  const { t } = useTranslation("customers");
  const user = useUser();
  return (
    <nav className={styles.nav} aria-label={t("title")}>
      {places
        .filter(({ right }) => hasRight(user, right))
        .map(({ name, to }) => (
          <Link
            key={name}
            to={to}
            className={styles.place}
            activeProps={{ "aria-current": "page" }}
            activeOptions={{ exact: true, includeSearch: false }}
          >
            {t(`places.${name}`)}
          </Link>
        ))}
    </nav>
  );
}
