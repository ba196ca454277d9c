import { useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { useState } from "react";
import { api, type Schema } from "@/api/client";
import { problemText } from "@/api/problem-text";

/** Say whose contact it is: a known customer, or a new one made with the contact's number. */
export function useLinkCustomer(interaction: string) {
  const queryClient = useQueryClient();
  const { message } = App.useApp();
  const [isLinking, setLinking] = useState(false);
  /** Resolves to whether it was done; a refusal has been told. */
  const link = async (wanted: Partial<Schema<"LinkIn">>): Promise<boolean> => {
    setLinking(true);
    try {
      await api.POST("/api/interactions/{interaction_id}/customer", {
        params: { path: { interaction_id: interaction } },
        body: { company: "", address: "", note: "", ...wanted },
      });
      await queryClient.invalidateQueries({ queryKey: ["interactions"] });
      return true;
    } catch (error) {
      message.error(problemText(error));
      return false;
    } finally {
      setLinking(false);
    }
  };
  return { link, isLinking };
}
