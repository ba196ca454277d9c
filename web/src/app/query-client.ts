import { QueryClient } from "@tanstack/react-query";
import { ApiProblem } from "@/api/problem";

/** Only what may heal by itself is asked again: a refusal stays a refusal. */
function isWorthAnotherTry(count: number, error: unknown): boolean {
  const mayHeal = !(error instanceof ApiProblem) || error.status === 0 || error.status >= 502;
  return mayHeal && count < 2;
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 10_000, retry: isWorthAnotherTry, refetchOnWindowFocus: true },
    mutations: { retry: false },
  },
});

/** Forget what the last user could see. The session itself is asked anew by whoever logs in. */
export function forgetUser(): void {
  queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "session" });
}
