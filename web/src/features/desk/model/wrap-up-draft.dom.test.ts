import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiProblem } from "@/api/problem";
import { type DraftState, WrapUpDraft, type WrapUpRecord } from "./wrap-up-draft";

const KEY = "draft";
const empty: WrapUpRecord = { disposition_id: null, result: "", note: "", version: 0 };

/** A server that holds one wrap-up and refuses an old version. */
function server() {
  let held = { ...empty };
  let isAway = false;
  const saves: WrapUpRecord[] = [];
  return {
    saves,
    get held() {
      return held;
    },
    away(is: boolean) {
      isAway = is;
    },
    somebodyElse(change: Partial<WrapUpRecord>) {
      held = { ...held, ...change, version: held.version + 1 };
    },
    save: async (record: WrapUpRecord): Promise<WrapUpRecord> => {
      if (isAway) throw new ApiProblem({ code: "offline", status: 0 });
      if (record.version !== held.version) throw new ApiProblem({ code: "stale_version", status: 409 });
      saves.push(record);
      held = { ...record, version: record.version + 1 };
      return held;
    },
    reload: async (): Promise<WrapUpRecord> => held,
  };
}

function open(backend: ReturnType<typeof server>, record: WrapUpRecord = backend.held) {
  const states: DraftState[] = [];
  const draft = new WrapUpDraft(record, {
    key: KEY,
    storage: localStorage,
    save: backend.save,
    reload: backend.reload,
    onChange: (state) => states.push(state),
  });
  return { draft, states };
}

describe("WrapUpDraft", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("saves once when typing pauses, and then forgets the local copy", async () => {
    const backend = server();
    const { draft } = open(backend);
    draft.change({ note: "E" });
    draft.change({ note: "E3" });
    expect(localStorage.getItem(KEY)).toContain("E3");
    await vi.advanceTimersByTimeAsync(800);
    expect(backend.saves).toEqual([{ ...empty, note: "E3" }]);
    expect(draft.state).toMatchObject({ status: "saved", fields: { note: "E3" } });
    expect(localStorage.getItem(KEY)).toBeNull();
  });

  it("keeps on this machine what the server could not take, and sends it when it can", async () => {
    const backend = server();
    const { draft } = open(backend);
    backend.away(true);
    draft.change({ note: "offline" });
    await vi.advanceTimersByTimeAsync(800);
    expect(draft.state.status).toBe("kept");
    expect(localStorage.getItem(KEY)).toContain("offline");
    backend.away(false);
    await vi.advanceTimersByTimeAsync(5000);
    expect(backend.held.note).toBe("offline");
    expect(draft.state.status).toBe("saved");
  });

  it("brings back after a reload what had not been saved", async () => {
    const backend = server();
    backend.away(true);
    open(backend).draft.change({ note: "typed before the crash" });
    await vi.advanceTimersByTimeAsync(800);
    backend.away(false);
    backend.somebodyElse({ disposition_id: 4 });
    const { draft } = open(backend);
    expect(draft.state.fields).toEqual({ disposition_id: 4, result: "", note: "typed before the crash" });
    await vi.advanceTimersByTimeAsync(10);
    expect(backend.held).toMatchObject({ note: "typed before the crash", disposition_id: 4 });
  });

  it("takes the others' fields and keeps its own when somebody saved in between", async () => {
    const backend = server();
    const { draft } = open(backend);
    backend.somebodyElse({ result: "solved", note: "theirs" });
    draft.change({ note: "ours" });
    await vi.advanceTimersByTimeAsync(800);
    await vi.advanceTimersByTimeAsync(10);
    expect(backend.held).toMatchObject({ result: "solved", note: "ours" });
    expect(draft.state).toMatchObject({ status: "saved", fields: { result: "solved", note: "ours" } });
  });

  it("does not lose what is typed while a save is under way", async () => {
    const backend = server();
    const { draft } = open(backend);
    draft.change({ note: "first" });
    vi.advanceTimersByTime(800);
    draft.change({ note: "second" });
    await vi.advanceTimersByTimeAsync(1600);
    expect(backend.held.note).toBe("second");
    expect(draft.state.status).toBe("saved");
  });

  it("flush resolves when the server holds everything and rejects when it does not", async () => {
    const backend = server();
    const { draft } = open(backend);
    draft.change({ note: "quick" });
    await draft.flush();
    expect(backend.held.note).toBe("quick");
    backend.away(true);
    draft.change({ note: "never" });
    await expect(draft.flush()).rejects.toMatchObject({ code: "offline" });
  });
});
