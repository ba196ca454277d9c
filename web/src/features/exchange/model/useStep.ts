import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type Import, importQuery } from "./queries";

/** Do something to an import: what the server answers is what the page shows, without asking again. */
export function useImportChange<Given>(change: (given: Given) => Promise<Import>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: async (found) => {
      client.setQueryData(importQuery(found.id).queryKey, found);
      await client.invalidateQueries({ queryKey: ["imports", "list"] });
    },
  });
}
