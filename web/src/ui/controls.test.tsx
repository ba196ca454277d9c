import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, it, vi } from "vitest";
import { Choice } from "./Choice";
import { FilterBar } from "./FilterBar";
import { TabStrip } from "./TabStrip";

it("moves between tabs with the arrows, round the end, and shows only the chosen panel", async () => {
  render(
    <TabStrip
      label="Contact"
      tabs={[
        { key: "a", label: "Timeline", content: <p>what was</p> },
        { key: "b", label: "Details", content: <p>what is</p> },
      ]}
    />,
  );
  await userEvent.tab();
  await userEvent.keyboard("{ArrowLeft}");
  expect(screen.getByRole("tab", { name: "Details" })).toHaveProperty("ariaSelected", "true");
  expect(document.activeElement).toBe(screen.getByRole("tab", { name: "Details" }));
  expect(screen.getByRole("tabpanel").textContent).toBe("what is");
});

function Results() {
  const [value, setValue] = useState<"good" | "bad" | "">("");
  return (
    <Choice
      label="Result"
      value={value}
      onChange={setValue}
      options={[
        { value: "good", label: "Good" },
        { value: "bad", label: "Bad" },
      ]}
    />
  );
}

it("is a radio group: nothing chosen at first, a click or the arrows choose", async () => {
  render(<Results />);
  expect(screen.queryByRole("radio", { checked: true })).toBeNull();
  await userEvent.click(screen.getByText("Good"));
  await userEvent.keyboard("{ArrowRight}");
  expect(screen.getByRole("radio", { checked: true })).toBe(screen.getByLabelText("Bad"));
});

it("searches when typing pauses, trimmed, and at once with Enter", async () => {
  const onSearch = vi.fn();
  render(<FilterBar search="" onSearch={onSearch} placeholder="Name" />);
  await userEvent.type(screen.getByLabelText("Name"), " li");
  expect(onSearch).not.toHaveBeenCalled();
  await vi.waitFor(() => expect(onSearch).toHaveBeenCalledWith("li"));
  await userEvent.type(screen.getByLabelText("Name"), "u{Enter}");
  expect(onSearch).toHaveBeenLastCalledWith("liu");
});
