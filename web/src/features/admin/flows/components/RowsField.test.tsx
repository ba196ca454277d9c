import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen } from "@testing-library/react";
import { Button, Form } from "antd";
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { beforeAll, expect, it } from "vitest";
import words from "../locales/en.json";
import type { PanelField } from "../model/kinds";
import { type FormConfig, fromForm, toForm } from "../model/panel";
import { PanelItem } from "./PanelInput";

beforeAll(() =>
  i18next.use(initReactI18next).init({ lng: "en", ns: ["flows"], resources: { en: { flows: words } } }),
);

const base = {
  hint: "",
  hint_en: "",
  is_required: true,
  least: 1,
  most: 20,
  default: null,
  unit: "",
  choices: [],
  columns: [],
  shown_by: "",
  shown_for: [],
};
const SHARES: PanelField = {
  ...base,
  name: "shares",
  kind: "rows",
  label: "Shares",
  label_en: "Shares",
  columns: [{ ...base, name: "name", kind: "text", label: "Name", label_en: "Name" }],
};

it("keeps each row's exit, gives a new row one of its own, and an exit moves with its row", {
  timeout: 30_000,
}, async () => {
  const given: FormConfig[] = [];
  render(
    <QueryClientProvider client={new QueryClient()}>
      <Form
        initialValues={{ config: toForm([SHARES], { shares: [{ exit: "old", name: "Old" }] }) }}
        onFinish={({ config }: { config: FormConfig }) => given.push(fromForm([SHARES], {}, config))}
      >
        <PanelItem field={SHARES} />
        <Button htmlType="submit">Apply</Button>
      </Form>
    </QueryClientProvider>,
  );
  fireEvent.click(screen.getByRole("button", { name: "Add a row: Shares" }));
  fireEvent.change(screen.getAllByLabelText("Name")[1] as HTMLElement, { target: { value: "New" } });
  fireEvent.click(screen.getByRole("button", { name: "Move Shares 2 up" }));
  fireEvent.click(screen.getByRole("button", { name: "Apply" }));
  await expect
    .poll(() => given)
    .toEqual([
      {
        shares: [
          { exit: "case_1", name: "New" },
          { exit: "old", name: "Old" },
        ],
      },
    ]);
});
