/** The tests beside a flow, and flows as files. */
import { queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/api/client";

export type FlowTest = Schema<"FlowTestOut">;
export type ScriptRun = Schema<"ScriptRunOut">;

/** The tests and what comes of each just now; they are run anew at each asking. */
export function testsQuery(flow_id: number, draft_version: number) {
  return queryOptions({
    queryKey: ["settings", "flows", flow_id, "tests", draft_version],
    queryFn: () => bodyOf(api.GET("/api/flows/{flow_id}/tests", { params: { path: { flow_id } } })),
  });
}

/** A contact's way through its flow, as a test of the flow. */
export function contactScriptQuery(interaction_id: string, language: "zh" | "en") {
  return queryOptions({
    queryKey: ["flow-script", interaction_id, language],
    queryFn: () =>
      bodyOf(
        api.GET("/api/interactions/{interaction_id}/flow-script", {
          params: { path: { interaction_id }, query: { language } },
        }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}

export function saveTest(flow_id: number, test_id: number | null, body: { name: string; script: string }) {
  if (test_id === null)
    return bodyOf(api.POST("/api/flows/{flow_id}/tests", { params: { path: { flow_id } }, body }));
  return bodyOf(
    api.PUT("/api/flows/{flow_id}/tests/{test_id}", { params: { path: { flow_id, test_id } }, body }),
  );
}

export function tryScript(flow_id: number, script: string) {
  return bodyOf(
    api.POST("/api/flows/{flow_id}/tests/try", { params: { path: { flow_id } }, body: { script } }),
  );
}

export function removeTest(flow_id: number, test_id: number) {
  return bodyOf(
    api.DELETE("/api/flows/{flow_id}/tests/{test_id}", { params: { path: { flow_id, test_id } } }),
  );
}

export function setRules(flow_id: number, body: Schema<"FlowRulesIn">) {
  return bodyOf(api.PUT("/api/flows/{flow_id}/rules", { params: { path: { flow_id } }, body }));
}

export function importFlow(file: Record<string, unknown>) {
  return bodyOf(api.POST("/api/flows/import", { body: { file } }));
}
