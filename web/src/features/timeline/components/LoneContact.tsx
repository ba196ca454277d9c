import { useQuery } from "@tanstack/react-query";
import { Skeleton } from "antd";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { contactAloneQuery } from "../model/queries";
import { ContactEntry } from "./ContactEntry";

/** The contact of a caller whom nobody knows yet. */
export function LoneContact({ interaction, over }: { interaction: string; over: string | undefined }) {
  const { data, error, refetch } = useQuery(contactAloneQuery(interaction, over));
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton active title={false} />;
  return (
    <ol>
      <li>
        <ContactEntry contact={data} isOpen />
      </li>
    </ol>
  );
}
