import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen } from "@testing-library/react";
import { App, Button, Form } from "antd";
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { beforeAll, expect, it, vi } from "vitest";
import uiWords from "@/ui/locales/en.json";
import { allPrompts } from "../../model/queries";
import words from "../locales/en.json";
import { PromptChoice } from "./PromptChoice";

const spoken = vi.hoisted(() => vi.fn(async () => undefined));
vi.mock("../model/prompts", async (importOriginal) => ({
  ...(await importOriginal<object>()),
  speakPrompt: spoken,
}));

beforeAll(() =>
  i18next.use(initReactI18next).init({
    lng: "en",
    ns: ["flows", "ui"],
    resources: { en: { flows: words, ui: uiWords } },
  }),
);

it("makes a prompt beside the step that needs it, chooses it, and leaves the step's own form unsent", {
  timeout: 30_000,
}, async () => {
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: Infinity } } });
  queryClient.setQueryData(allPrompts.queryKey, []);
  const sent = vi.fn();
  const chosen: unknown[] = [];
  render(
    <QueryClientProvider client={queryClient}>
      <App>
        <Form onFinish={sent} onValuesChange={(_, all) => chosen.push(all)}>
          <Form.Item name="prompt">
            <PromptChoice isRequired />
          </Form.Item>
          <Button htmlType="submit">Apply</Button>
        </Form>
      </App>
    </QueryClientProvider>,
  );
  fireEvent.click(screen.getByRole("button", { name: "New prompt" }));
  fireEvent.change(await screen.findByLabelText("Name"), { target: { value: "night" } });
  fireEvent.change(screen.getByLabelText("English words"), { target: { value: "We are closed." } });
  fireEvent.click(screen.getByRole("button", { name: "Synthesise" }));
  await expect.poll(() => chosen, { timeout: 20_000 }).toEqual([{ prompt: "night" }]);
  expect(spoken).toHaveBeenCalledWith("night", { en: "We are closed." });
  expect(sent).not.toHaveBeenCalled();
});
