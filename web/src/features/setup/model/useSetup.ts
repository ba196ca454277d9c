import { useQuery } from "@tanstack/react-query";
import {
  allFlows,
  allHours,
  allNumbers,
  allQueues,
  allTrunks,
  allUsers,
  setupStateQuery,
} from "@/features/admin";
import { nextStep, stepsDone } from "./steps";

/** All that the steps show and are judged by; null until everything has been fetched once. */
export function useSetup() {
  const numbers = useQuery(allNumbers);
  const trunks = useQuery(allTrunks);
  const hours = useQuery(allHours);
  const queues = useQuery(allQueues);
  const users = useQuery(allUsers);
  const flows = useQuery(allFlows);
  const state = useQuery(setupStateQuery);
  const all = [numbers, trunks, hours, queues, users, flows, state];
  const failed = all.find(({ isError }) => isError);
  const retry = () => {
    for (const query of all) if (query.isError) void query.refetch();
  };
  if (
    !numbers.data ||
    !trunks.data ||
    !hours.data ||
    !queues.data ||
    !users.data ||
    !flows.data ||
    !state.data
  )
    return { setup: null, error: failed?.error ?? null, retry };
  const setup = {
    numbers: numbers.data,
    trunks: trunks.data,
    hours: hours.data,
    queues: queues.data,
    users: users.data,
    flows: flows.data,
    hasDemo: state.data.has_demo,
  };
  const done = stepsDone({ ...setup, hasContact: state.data.steps.test_call === true });
  return { setup: { ...setup, done, next: nextStep(done) }, error: null, retry };
}

export type Setup = NonNullable<ReturnType<typeof useSetup>["setup"]>;
