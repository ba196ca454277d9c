import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { beforeAll, expect, it } from "vitest";
import words from "../locales/en.json";
import { KINDS_TOLD } from "../model/kinds.fixture";
import { type FlowDetail, flowQuery, kindsQuery } from "../model/queries";
import { RunTold } from "./RunTold";

beforeAll(() =>
  i18next.use(initReactI18next).init({ lng: "en", ns: ["flows"], resources: { en: { flows: words } } }),
);

it("tells what came of a script by the steps' kinds, with the ids that scripts name", () => {
  const queryClient = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
  queryClient.setQueryData(kindsQuery.queryKey, KINDS_TOLD);
  const draft = { format: 1, start: "s", nodes: [{ id: "m", kind: "menu", config: {} }], edges: [] };
  queryClient.setQueryData(flowQuery(7).queryKey, { id: 7, draft } as unknown as FlowDetail);
  const instead = [
    { what: "node", name: "m", through: "", at_s: 0 },
    { what: "queue", name: "Sales", through: "", at_s: 2 },
  ];
  render(
    <QueryClientProvider client={queryClient}>
      <RunTold
        flow={7}
        run={{
          is_passed: false,
          line: 2,
          text: "expect end",
          why: "not_so",
          traces: [],
          instead,
          lasted_s: 2,
        }}
      />
    </QueryClientProvider>,
  );
  expect(screen.getByText("Instead: comes to Menu (m) → waits for Sales")).toBeDefined();
});
