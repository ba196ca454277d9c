import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Skeleton } from "antd";
import { ChevronLeft } from "lucide-react";
import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "@/api/problem";
import { useRight } from "@/api/session";
import { ErasedNotice, PersonalData } from "@/features/privacy";
import { Timeline } from "@/features/timeline";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Card, Page } from "@/ui/Page";
import { AttachedSections } from "../components/AttachedSections";
import { CustomerAbout } from "../components/CustomerAbout";
import { customerQuery } from "../model/queries";
import styles from "./CustomerPage.module.css";

/** One customer: who, how to reach, and everything that was between us. */
export function CustomerPage() {
  const { t } = useTranslation("customers");
  const { customer: id } = useParams({ from: "/shell/customers/$customer" });
  const filter = useSearch({ from: "/shell/customers/$customer" });
  const navigate = useNavigate();
  const { data, error, refetch, isPending } = useQuery(customerQuery(Number(id)));
  const mayErase = useRight("customers.erase");
  const isErased = error instanceof ApiProblem && error.code === "customer_erased";
  return (
    <Page>
      <Link to="/customers" className={styles.back}>
        <ChevronLeft size={16} aria-hidden />
        {t("title")}
      </Link>
      {isErased && (
        <Card>
          <Suspense fallback={<Skeleton active />}>
            <ErasedNotice customer={Number(id)} />
          </Suspense>
        </Card>
      )}
      {error && !isErased && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {isPending && (
        <Card>
          <Skeleton active />
        </Card>
      )}
      {data && !isErased && (
        <div className={styles.columns}>
          <div>
            <CustomerAbout customer={data} />
            {mayErase && (
              <Suspense fallback={null}>
                <PersonalData customer={data.id} name={data.name} />
              </Suspense>
            )}
          </div>
          <div className={styles.timeline}>
            <AttachedSections customer={data.id} />
            <Card title={t("timeline.title")}>
              <Timeline
                customer={data.id}
                filter={filter}
                onFilter={(search) =>
                  void navigate({
                    to: "/customers/$customer",
                    params: { customer: id },
                    search,
                    replace: true,
                  })
                }
              />
            </Card>
          </div>
        </div>
      )}
    </Page>
  );
}
