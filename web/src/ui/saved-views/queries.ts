import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { api, bodyOf, type Schema } from "@/api/client";
import { problemText } from "@/api/problem-text";

export function shelfQuery(list: string) {
  return queryOptions({
    queryKey: ["views", list],
    queryFn: () => bodyOf(api.GET("/api/views", { params: { query: { list_code: list } } })),
    staleTime: 60_000,
  });
}

/** What can be done with the views of a list; each makes the list of them fresh, and tells what went wrong. */
export function useViewActions(list: string) {
  const queryClient = useQueryClient();
  const { message } = App.useApp();
  const shared = {
    onError: (error: unknown) => void message.error(problemText(error)),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["views", list] }),
  };
  return {
    create: useMutation({
      mutationFn: (body: Omit<Schema<"ViewIn">, "list_code">) =>
        bodyOf(api.POST("/api/views", { body: { ...body, list_code: list } })),
      onSettled: shared.onSettled, // its form tells what went wrong
    }),
    change: useMutation({
      mutationFn: ({ id, ...body }: Schema<"ViewPatchIn"> & { id: number }) =>
        bodyOf(api.PATCH("/api/views/{view_id}", { params: { path: { view_id: id } }, body })),
      ...shared,
    }),
    remove: useMutation({
      mutationFn: (view_id: number) =>
        bodyOf(api.DELETE("/api/views/{view_id}", { params: { path: { view_id } } })),
      ...shared,
    }),
    order: useMutation({
      mutationFn: (ids: number[]) => bodyOf(api.PUT("/api/views/order", { body: { list_code: list, ids } })),
      ...shared,
    }),
    chooseDefault: useMutation({
      mutationFn: (view_id: number | null) =>
        bodyOf(api.PUT("/api/views/default", { body: { list_code: list, view_id } })),
      ...shared,
    }),
  };
}
