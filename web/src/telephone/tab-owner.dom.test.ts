import { describe, expect, it, vi } from "vitest";
import { TabOwner } from "./tab-owner";

/** Web Locks as the standard says, for one name: jsdom has none. */
class Locks {
  private holder: { reject: (error: Error) => void } | null = null;
  private queue: (() => void)[] = [];

  request = async (
    _name: string,
    options: LockOptions,
    run: (lock: Lock | null) => unknown,
  ): Promise<unknown> => {
    if (options.steal && this.holder) {
      const robbed = this.holder;
      this.holder = null;
      robbed.reject(new DOMException("stolen", "AbortError"));
    }
    if (this.holder) {
      if (options.ifAvailable) return run(null);
      await new Promise<void>((resolve, reject) => {
        this.queue.push(resolve);
        options.signal?.addEventListener("abort", () => {
          this.queue = this.queue.filter((each) => each !== resolve);
          reject(new DOMException("aborted", "AbortError"));
        });
      });
    }
    return new Promise((resolve, reject) => {
      const own = { reject };
      this.holder = own;
      Promise.resolve(run({ name: _name, mode: "exclusive" } as Lock)).then((result) => {
        if (this.holder === own) {
          this.holder = null;
          this.queue.shift()?.();
        }
        resolve(result);
      });
    });
  };
}

function tabs() {
  const locks = new Locks() as unknown as LockManager;
  const tab = () => {
    const told: string[] = [];
    const owner = new TabOwner(
      "telephone",
      { onHeld: () => told.push("held"), onElsewhere: () => told.push("elsewhere") },
      locks,
    );
    return { owner, told };
  };
  return [tab(), tab()] as const;
}

describe("TabOwner", () => {
  it("has the telephone where the browser forbids locks: in a frame of another site", async () => {
    const told: string[] = [];
    const request = () => Promise.reject(new DOMException("denied", "SecurityError"));
    const events = { onHeld: () => told.push("held"), onElsewhere: () => told.push("elsewhere") };
    new TabOwner("telephone", events, { request } as unknown as LockManager).start();
    await vi.waitFor(() => expect(told).toEqual(["held"]));
  });

  it("gives the telephone to the first tab and, when that closes, to the next", async () => {
    const [first, second] = tabs();
    first.owner.start();
    second.owner.start();
    await vi.waitFor(() => expect(second.told).toEqual(["elsewhere"]));
    expect(first.told).toEqual(["held"]);
    first.owner.stop();
    await vi.waitFor(() => expect(second.told).toEqual(["elsewhere", "held"]));
  });

  it("lets a tab take over; the other is told and gets it back later", async () => {
    const [first, second] = tabs();
    first.owner.start();
    second.owner.start();
    await vi.waitFor(() => expect(second.told).toEqual(["elsewhere"]));
    second.owner.takeOver();
    await vi.waitFor(() => expect(first.told).toEqual(["held", "elsewhere"]));
    expect(second.told).toEqual(["elsewhere", "held"]);
    second.owner.stop();
    await vi.waitFor(() => expect(first.told).toEqual(["held", "elsewhere", "held"]));
  });

  it("is simply ours where the browser has no locks", () => {
    const onHeld = vi.fn();
    new TabOwner("telephone", { onHeld, onElsewhere: vi.fn() }, undefined).start();
    expect(onHeld).toHaveBeenCalledOnce();
  });
});
