import { useQuery } from "@tanstack/react-query";
import { Skeleton } from "antd";
import { popQuery } from "@/api/interactions";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { customerOf } from "../model/useContactCustomer";
import { CustomerCard } from "./CustomerCard";
import { CustomerChooser } from "./CustomerChooser";
import styles from "./CustomerPane.module.css";
import { NewCustomer } from "./NewCustomer";

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
  const customer = customerOf(data);
  return (
    <div className={styles.pane}>
      {customer ? (
        <CustomerCard customer={customer} />
      ) : data.matches.length > 1 ? (
        <CustomerChooser interaction={interaction} pop={data} />
      ) : (
        <NewCustomer interaction={interaction} pop={data} />
      )}
    </div>
  );
}
