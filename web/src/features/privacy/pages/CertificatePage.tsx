import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Button, Skeleton } from "antd";
import { ChevronLeft, Printer } from "lucide-react";
import { useTranslation } from "react-i18next";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Card, Page } from "@/ui/Page";
import { Certificate } from "../components/Certificate";
import { ErasureDecision } from "../components/ErasureDecision";
import { erasureQuery } from "../model/queries";
import styles from "./CertificatePage.module.css";

/** One erasure: the request while it waits or runs, the certificate once it is done. */
export function CertificatePage() {
  const { t } = useTranslation("privacy");
  const { erasure: id } = useParams({ from: "/shell/erasures/$erasure" });
  const { data, error, refetch, isPending } = useQuery(erasureQuery(Number(id)));
  return (
    <Page width="form">
      <div className={styles.bar}>
        <Link to="/erasures" className={styles.back}>
          <ChevronLeft size={16} aria-hidden />
          {t("certificate.back")}
        </Link>
        {data && (
          <div className={styles.actions}>
            <ErasureDecision erasure={data} />
            {data.state === "done" && (
              <Button type="primary" icon={<Printer size={15} />} onClick={() => window.print()}>
                {t("certificate.print")}
              </Button>
            )}
          </div>
        )}
      </div>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {isPending && (
        <Card>
          <Skeleton active />
        </Card>
      )}
      {data && (
        <Card>
          <div className={styles.paper}>
            <Certificate erasure={data} />
          </div>
        </Card>
      )}
    </Page>
  );
}
