import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook } from "@testing-library/react";
import type { PropsWithChildren } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { recentQuery } from "./queries";
import { useFreshContacts } from "./useFreshContacts";

const AGENT = 7;
vi.mock("@/api/session", () => ({ useUser: () => ({ agent: { id: AGENT } }) }));

let queryClient: QueryClient;
let isInRecord: boolean;
let asked: number;

beforeEach(() => {
  vi.useFakeTimers();
  isInRecord = false;
  asked = 0;
  queryClient = new QueryClient();
  queryClient.setQueryData(recentQuery(AGENT).queryKey, { items: [], total: 0 } as never);
  vi.spyOn(queryClient, "invalidateQueries").mockImplementation(async (filters) => {
    if (filters?.queryKey?.[0] !== "interactions") return;
    asked += 1;
    const items = isInRecord ? [{ id: "call", outcome: "not_reached" }] : [];
    queryClient.setQueryData(recentQuery(AGENT).queryKey, { items, total: items.length } as never);
  });
});
afterEach(() => vi.useRealTimers());

function showsTheCall(): void {
  renderHook(() => useFreshContacts("call"), {
    wrapper: ({ children }: PropsWithChildren) => (
      <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
    ),
  });
}

async function after_ms(time: number): Promise<void> {
  await act(() => vi.advanceTimersByTimeAsync(time));
}

test("a record that trails a failed call is asked again until the call stands in it", async () => {
  showsTheCall();
  await after_ms(1_000);
  expect(asked).toBe(1);
  isInRecord = true;
  await after_ms(2_000);
  expect(asked).toBe(2);
  await after_ms(60_000);
  expect(asked).toBe(2);
});

test("a call that never comes into the record is not asked for without end", async () => {
  showsTheCall();
  await after_ms(120_000);
  expect(asked).toBe(4);
});
