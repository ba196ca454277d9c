import { useQuery } from "@tanstack/react-query";
import { Skeleton } from "antd";
import { Suspense } from "react";
import { popQuery } from "@/api/interactions";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { CustomerChooser, KnownFacts, NewCustomer, SaidInFlow } from "../known";
import { matchOf } from "../model/useContactCustomer";
import { CustomerCard } from "./CustomerCard";
import styles from "./CustomerPane.module.css";

/** The screen pop: the customer, the choice between several, or a form for somebody new. */
export function CustomerPane({ interaction }: { interaction: string }) {
  const { data, error, refetch, isPending } = useQuery(popQuery(interaction));
  if (error)
    return (
      <div className={styles.pane}>
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      </div>
    );
  if (isPending)
    return (
      <div className={styles.pane}>
        <Skeleton active avatar />
      </div>
    );
  const match = matchOf(data);
  return (
    <div className={styles.pane}>
      {match && <CustomerCard customer={match.customer} />}
      <Suspense fallback={<Skeleton active title={false} />}>
        {data.said.length > 0 && <SaidInFlow said={data.said} />}
        {match ? (
          <KnownFacts match={match} />
        ) : data.matches.length > 1 ? (
          <CustomerChooser interaction={interaction} pop={data} />
        ) : (
          <NewCustomer interaction={interaction} pop={data} />
        )}
      </Suspense>
    </div>
  );
}
