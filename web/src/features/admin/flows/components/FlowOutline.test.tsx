import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import i18next from "i18next";
import type { ReactNode } from "react";
import { initReactI18next } from "react-i18next";
import { beforeAll, expect, it } from "vitest";
import words from "../locales/en.json";
import type { FlowGraph } from "../model/graph";
import { KINDS_TOLD } from "../model/kinds.fixture";
import { kindsQuery } from "../model/queries";
import { FlowOutline } from "./FlowOutline";
import { FlowProblems } from "./FlowProblems";

beforeAll(() =>
  i18next.use(initReactI18next).init({ lng: "en", ns: ["flows"], resources: { en: { flows: words } } }),
);

function show(page: ReactNode): void {
  const client = new QueryClient();
  client.setQueryData(kindsQuery.queryKey, KINDS_TOLD);
  render(<QueryClientProvider client={client}>{page}</QueryClientProvider>);
}

const graph: FlowGraph = {
  format: 1,
  start: "s",
  nodes: [
    { id: "s", kind: "start", config: {} },
    { id: "m", kind: "menu", config: { prompt: { key: "menu" }, keys: { "1": "Sales" } } },
    { id: "q", kind: "queue", config: { queue: 3 } },
  ],
  edges: [
    { from: "s", exit: "next", to: "m" },
    { from: "m", exit: "1", to: "q" },
    { from: "m", exit: "no_key", to: "m" },
  ],
};

it("draws numbered steps whose branches say by which key or exit, and where nothing follows", async () => {
  const wanted: string[] = [];
  show(
    <FlowOutline
      graph={graph}
      detailOf={({ id }) => `about ${id}`}
      troubled={new Set(["q"])}
      onNode={(id) => wanted.push(id)}
    />,
  );
  const queue = screen.getByRole("button", { name: /3\. Queue/ });
  expect(queue.textContent).toContain("about q");
  expect(queue.dataset.troubled).toBe("true");
  expect(screen.getByText("Sales")).toBeDefined();
  expect(screen.getByText("→ on to step 2")).toBeDefined();
  expect(screen.getByText("Closed, or nobody signed in")).toBeDefined();
  expect(screen.getAllByText("Leads nowhere")).toHaveLength(3);
  await userEvent.click(queue);
  expect(wanted).toEqual(["q"]);
});

it("tells problems by step, in words, and an unknown one by its code", async () => {
  const wanted: string[] = [];
  show(
    <FlowProblems
      graph={graph}
      onProblem={({ node }) => wanted.push(node ?? "")}
      problems={[
        { code: "exit_open", node: "q", field: "closed", detail: "", path: [] },
        { code: "no_start", node: null, field: null, detail: "", path: [] },
        { code: "brand_new", node: "m", field: null, detail: "", path: [] },
        { code: "bad_value", node: "m", field: "keys", detail: "", path: [] },
      ]}
      warnings={[
        {
          code: "no_person",
          node: "m",
          field: null,
          detail: "",
          path: [
            { node: "s", exit: "next" },
            { node: "m", exit: "1" },
            { node: "q", exit: "closed" },
          ],
        },
      ]}
    />,
  );
  expect(screen.getByText(/The exit “Closed, or nobody signed in” leads nowhere/)).toBeDefined();
  expect(screen.getByText(/“start” does not name a start step/)).toBeDefined();
  expect(screen.getByText(/brand_new/)).toBeDefined();
  // by the field's name on the panel, not by that in the draft's JSON
  expect(screen.getByText(/“Keys” is not right/)).toBeDefined();
  expect(screen.getByText("On this way: Start → 1 Sales → Closed, or nobody signed in")).toBeDefined();
  await userEvent.click(screen.getByRole("button", { name: "3. Queue" }));
  expect(wanted).toEqual(["q"]);
});
