import { expect, it } from "vitest";
import { moved, type SavedView, shownView, toViewQuery } from "./model";

const view = (id: number, query: string) => ({ id, query }) as SavedView;

it("keeps what a list shows, not on which page or in which order the address says it", () => {
  expect(toViewQuery("?sort=-name&page=3&level=vip")).toBe("level=vip&sort=-name");
  expect(toViewQuery("?open=7")).toBe("");
  expect(toViewQuery("?search=%E5%BC%A0")).toBe(toViewQuery("search=张"));
});

it("knows the view that the list shows, the one opened last among equal ones", () => {
  const views = [view(1, "level=vip"), view(2, "level=vip"), view(3, "")];
  expect(shownView(views, "?page=2&level=vip", null)?.id).toBe(1);
  expect(shownView(views, "?level=vip", 2)?.id).toBe(2);
  expect(shownView(views, "", 2)?.id).toBe(3);
  expect(shownView(views, "?level=ordinary", 2)).toBeUndefined();
});

it("moves a view within its list and never out of it", () => {
  expect(moved([1, 2, 3], 3, -1)).toEqual([1, 3, 2]);
  expect(moved([1, 2, 3], 1, -1)).toEqual([1, 2, 3]);
  expect(moved([1, 2, 3], 9, 1)).toEqual([1, 2, 3]);
});
