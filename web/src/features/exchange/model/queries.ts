import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/api/client";
import { toListQuery } from "@/ui/list-search";
import type { ImportSearch } from "./search";
import { isWorking } from "./stage";

export type Import = Schema<"ImportOut">;
export type ImportKind = Schema<"ImportKindOut">;
export type ImportRow = Schema<"ImportRowOut">;
export type Outcome = Exclude<ImportRow["outcome"], "">;

const WORKING_EVERY_MS = 1_000;

export const importKindsQuery = queryOptions({
  queryKey: ["imports", "kinds"],
  queryFn: () => bodyOf(api.GET("/api/imports/kinds")),
  staleTime: 60_000,
});

export function importsQuery(search: ImportSearch) {
  const query = toListQuery(search);
  return queryOptions({
    queryKey: ["imports", "list", query],
    queryFn: () => bodyOf(api.GET("/api/imports", { params: { query } })),
    placeholderData: keepPreviousData,
  });
}

/** One import; asked every second while the worker is at it. */
export function importQuery(id: number) {
  return queryOptions({
    queryKey: ["imports", id],
    queryFn: () => bodyOf(api.GET("/api/imports/{import_id}", { params: { path: { import_id: id } } })),
    refetchInterval: ({ state }) => (isWorking(state.data) ? WORKING_EVERY_MS : false),
  });
}

export function importRowsQuery(
  found: Import,
  asked: { outcome?: Outcome; state?: "kept"; page: number; page_size: number },
) {
  return queryOptions({
    queryKey: ["imports", found.id, "rows", found.state, asked],
    queryFn: () =>
      bodyOf(
        api.GET("/api/imports/{import_id}/rows", {
          params: { path: { import_id: found.id }, query: asked },
        }),
      ),
    placeholderData: keepPreviousData,
  });
}

export function uploadImport(kind: string, file: File): Promise<Import> {
  return bodyOf(
    api.POST("/api/imports", {
      body: { kind, file: "" },
      bodySerializer: () => {
        const form = new FormData();
        form.set("kind", kind);
        form.set("file", file, file.name);
        return form;
      },
    }),
  );
}

export function changeImport(id: number, body: Schema<"ImportPatchIn">): Promise<Import> {
  return bodyOf(api.PATCH("/api/imports/{import_id}", { params: { path: { import_id: id } }, body }));
}

export type Step = "check" | "run" | "cancel" | "undo";

export function stepImport(id: number, step: Step): Promise<Import> {
  const params = { params: { path: { import_id: id } } };
  switch (step) {
    case "check":
      return bodyOf(api.POST("/api/imports/{import_id}/check", params));
    case "run":
      return bodyOf(api.POST("/api/imports/{import_id}/run", params));
    case "cancel":
      return bodyOf(api.POST("/api/imports/{import_id}/cancel", params));
    case "undo":
      return bodyOf(api.POST("/api/imports/{import_id}/undo", params));
  }
}

/** The first passwords, as a file; the server tells them once. */
export async function tellPasswords(id: number): Promise<Blob> {
  const { data } = await api.POST("/api/imports/{import_id}/passwords", {
    params: { path: { import_id: id } },
    parseAs: "blob",
  });
  return data as unknown as Blob;
}

export function templateAddress(kind: string, format: "xlsx" | "csv"): string {
  return `/api/imports/template?${new URLSearchParams({ kind, format })}`;
}

export function errorsAddress(id: number): string {
  return `/api/imports/${id}/errors`;
}
