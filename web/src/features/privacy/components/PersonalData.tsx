import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { Eraser, FileArchive } from "lucide-react";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Card } from "@/ui/Page";
import { lastErasureQuery } from "../model/queries";
import { ErasureState } from "./ErasureState";
import styles from "./PersonalData.module.css";

const HandOverModal = lazy(async () => ({ default: (await import("./HandOverModal")).HandOverModal }));
const ErasureDrawer = lazy(async () => ({ default: (await import("./ErasureDrawer")).ErasureDrawer }));

interface Props {
  customer: number;
  name: string;
}

/** On a customer's page, for whoever has the right: hand over what is stored of the person, or erase it. */
export function PersonalData({ customer, name }: Props) {
  const { t } = useTranslation("privacy");
  const client = useQueryClient();
  const [open, setOpen] = useState<"handOver" | "erase" | null>(null);
  const { data: last, error, refetch } = useQuery(lastErasureQuery(customer));
  const isGone = last?.state === "done";
  useEffect(() => {
    if (isGone) void client.invalidateQueries({ queryKey: ["customers"] }); // the page then tells that nobody is there
  }, [isGone, client]);
  const isUnderWay = last?.state === "waiting" || last?.state === "running";
  const close = () => setOpen(null);
  return (
    <Card title={t("title")}>
      <div className={styles.column}>
        <p className={styles.minor}>{t("hint")}</p>
        {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
        {last && last.state !== "done" && (
          <div className={styles.standing} role="status">
            <ErasureState erasure={last} />
            <p className={styles.minor}>
              {t(`standing.${last.state}`, {
                name: last.state === "refused" ? last.decided_by_name : last.by_name,
              })}{" "}
              <Link to="/erasures/$erasure" params={{ erasure: String(last.id) }}>
                {t("standing.see")}
              </Link>
            </p>
          </div>
        )}
        <div className={styles.actions}>
          <Button icon={<FileArchive size={15} />} onClick={() => setOpen("handOver")}>
            {t("handOver.open")}
          </Button>
          {!isUnderWay && (
            <Button danger icon={<Eraser size={15} />} onClick={() => setOpen("erase")}>
              {t("erase.open")}
            </Button>
          )}
        </div>
      </div>
      <Suspense fallback={null}>
        {open === "handOver" && <HandOverModal customer={customer} onClose={close} />}
        {open === "erase" && <ErasureDrawer customer={customer} name={name} onClose={close} />}
      </Suspense>
    </Card>
  );
}
