import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { beforeAll, expect, it, vi } from "vitest";
import en from "../locales/en.json";
import { WrapUpForm } from "./WrapUpForm";

beforeAll(async () => {
  await i18next.use(initReactI18next).init({ lng: "en", ns: ["desk"], resources: { en: { desk: en } } });
});

const fields = { disposition_id: null, result: "", note: "" };

it("tells what the agent writes and chooses, field by field", async () => {
  const onChange = vi.fn();
  render(
    <WrapUpForm
      fields={fields}
      choices={[{ value: 4, label: "Service / Repair" }]}
      isMissingDisposition={false}
      status="saved"
      onChange={onChange}
    />,
  );
  await userEvent.type(screen.getByLabelText("Wrap-up"), "x");
  expect(onChange).toHaveBeenLastCalledWith({ note: "x" });
  await userEvent.click(screen.getByRole("radio", { name: "Follow up" }));
  expect(onChange).toHaveBeenLastCalledWith({ result: "follow_up" });
  await userEvent.click(screen.getByLabelText("Disposition"));
  await userEvent.click(await screen.findByText("Service / Repair"));
  expect(onChange).toHaveBeenLastCalledWith({ disposition_id: 4 });
});

it("says that the disposition is missing, and where the draft is", () => {
  render(<WrapUpForm fields={fields} choices={[]} isMissingDisposition status="kept" onChange={vi.fn()} />);
  expect(screen.getByRole("alert").textContent).toBe(en.wrapUp.dispositionMissing);
  expect(screen.getByText(en.wrapUp.status.kept)).toBeTruthy();
});
