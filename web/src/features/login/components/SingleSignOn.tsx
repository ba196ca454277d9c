import { useQuery } from "@tanstack/react-query";
import { Button, Divider } from "antd";
import { LogIn } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, bodyOf } from "@/api/client";
import { ErrorNotice } from "@/ui/ErrorNotice";
import styles from "../pages/LoginPage.module.css";

interface Props {
  /** the company code as far as it is typed */
  company: string;
  /** the page that was asked for */
  next: string;
}

/** The identity providers of the company: each is a button that leads to its own page. */
export function SingleSignOn({ company, next }: Props) {
  const { t } = useTranslation("login");
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState<string | null>(null);
  const offered = useQuery({
    queryKey: ["login", "offered", company],
    queryFn: async () =>
      (await bodyOf(api.GET("/api/sign-in/offered", { params: { query: { company } } }))).items,
    enabled: company !== "",
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  if (!offered.data || offered.data.length === 0) return null;
  const begin = async (path: string) => {
    setBusy(path);
    setProblem(null);
    try {
      const params = { path: { path } };
      const { address } = await bodyOf(api.POST("/api/sign-in/{path}/begin", { params, body: { next } }));
      location.assign(address);
    } catch (error) {
      setProblem(error);
      setBusy(null);
    }
  };
  return (
    <section aria-label={t("sso.title")}>
      <Divider plain>{t("sso.or")}</Divider>
      <div className={styles.providers}>
        {offered.data.map(({ path, name }) => (
          <Button
            key={path}
            size="large"
            block
            icon={<LogIn size={16} />}
            loading={busy === path}
            onClick={() => void begin(path)}
          >
            {t("sso.by", { name })}
          </Button>
        ))}
      </div>
      {problem !== null && <ErrorNotice error={problem} />}
    </section>
  );
}
