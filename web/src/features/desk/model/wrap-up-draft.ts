/**
 * What an agent has written about a contact, and how it gets to the server: kept on this machine at every key,
 * sent when typing pauses, sent again when the line is back. Plain; the form only shows it.
 */
import { ApiProblem } from "@/api/problem";

export interface WrapUpFields {
  disposition_id: number | null;
  result: string;
  note: string;
}

export interface WrapUpRecord extends WrapUpFields {
  /** Rises with each save; a save must name the version it changes. */
  version: number;
}

/** "kept": on this machine only, because the server could not take it. */
export type DraftStatus = "saved" | "unsaved" | "saving" | "kept";

export interface DraftState {
  fields: WrapUpFields;
  status: DraftStatus;
  /** Why the last save failed; null when it did not. */
  problem: unknown;
}

interface Stored {
  fields: WrapUpFields;
  touched: (keyof WrapUpFields)[];
}

export interface DraftOptions {
  key: string;
  storage: Storage;
  /** Save and return what the server now holds. Rejects with `ApiProblem`; "stale_version" when somebody saved in between. */
  save: (record: WrapUpRecord) => Promise<WrapUpRecord>;
  reload: () => Promise<WrapUpRecord>;
  onChange: (state: DraftState) => void;
  pause_ms?: number;
}

const PAUSE_MS = 800;
const RETRY_MS = 5000;
const FIELDS = ["disposition_id", "result", "note"] as const;

export class WrapUpDraft {
  private fields: WrapUpFields;
  private version: number;
  private touched = new Set<keyof WrapUpFields>();
  private status: DraftStatus = "saved";
  private problem: unknown = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private saving: Promise<void> | null = null;

  constructor(
    record: WrapUpRecord,
    private readonly options: DraftOptions,
  ) {
    this.version = record.version;
    this.fields = pick(record);
    const stored = this.readStored();
    if (!stored) return;
    for (const name of stored.touched) this.touched.add(name);
    this.fields = merge(this.fields, stored.fields, this.touched);
    this.status = "unsaved";
    this.schedule(0);
  }

  get state(): DraftState {
    return { fields: this.fields, status: this.status, problem: this.problem };
  }

  /** What the form holds, with the version that the server gave last. */
  get record(): WrapUpRecord {
    return { ...this.fields, version: this.version };
  }

  change(change: Partial<WrapUpFields>): void {
    for (const name of FIELDS) if (name in change) this.touched.add(name);
    this.fields = { ...this.fields, ...change };
    this.store();
    this.show("unsaved");
    this.schedule(this.options.pause_ms ?? PAUSE_MS);
  }

  /** Save now what is not saved yet; resolves when the server holds it. Rejects when it does not. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    await this.saving;
    if (this.touched.size > 0) await this.saveNow();
    if (this.touched.size > 0) throw this.problem;
  }

  /** The form closes. What is unsaved is sent once more and stays on this machine until it is. */
  close(): void {
    clearTimeout(this.timer);
    if (this.touched.size > 0) void this.saveNow();
  }

  private schedule(wait_ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.saveNow(), wait_ms);
  }

  private async saveNow(): Promise<void> {
    if (this.saving) {
      await this.saving;
      if (this.touched.size === 0) return;
    }
    this.saving = this.attempt().finally(() => {
      this.saving = null;
    });
    await this.saving;
  }

  private async attempt(): Promise<void> {
    const sent = new Set(this.touched);
    const record = { ...this.fields, version: this.version };
    this.show("saving");
    try {
      this.accept(await this.options.save(record), record, sent);
    } catch (error) {
      if (error instanceof ApiProblem && error.code === "stale_version") return this.catchUp();
      this.problem = error;
      this.show("kept");
      if (mayHeal(error)) this.schedule(RETRY_MS);
    }
  }

  /** Somebody saved in between: take theirs where we wrote nothing, keep ours where we did, and save again. */
  private async catchUp(): Promise<void> {
    try {
      const newest = await this.options.reload();
      this.version = newest.version;
      this.fields = merge(pick(newest), this.fields, this.touched);
      this.show("unsaved");
      this.schedule(0);
    } catch (error) {
      this.problem = error;
      this.show("kept");
      this.schedule(RETRY_MS);
    }
  }

  private accept(saved: WrapUpRecord, sent: WrapUpRecord, sentNames: Set<keyof WrapUpFields>): void {
    this.version = saved.version;
    this.problem = null;
    for (const name of sentNames) if (this.fields[name] === sent[name]) this.touched.delete(name);
    if (this.touched.size === 0) {
      this.options.storage.removeItem(this.options.key);
      this.show("saved");
      return;
    }
    this.store();
    this.show("unsaved");
    this.schedule(this.options.pause_ms ?? PAUSE_MS);
  }

  private show(status: DraftStatus): void {
    this.status = status;
    this.options.onChange(this.state);
  }

  private store(): void {
    const stored: Stored = { fields: this.fields, touched: [...this.touched] };
    this.options.storage.setItem(this.options.key, JSON.stringify(stored));
  }

  private readStored(): Stored | null {
    try {
      return JSON.parse(this.options.storage.getItem(this.options.key) ?? "null") as Stored | null;
    } catch {
      return null;
    }
  }
}

function pick({ disposition_id, result, note }: WrapUpFields): WrapUpFields {
  return { disposition_id, result, note };
}

function merge(
  theirs: WrapUpFields,
  ours: WrapUpFields,
  touched: ReadonlySet<keyof WrapUpFields>,
): WrapUpFields {
  return {
    disposition_id: touched.has("disposition_id") ? ours.disposition_id : theirs.disposition_id,
    result: touched.has("result") ? ours.result : theirs.result,
    note: touched.has("note") ? ours.note : theirs.note,
  };
}

function mayHeal(error: unknown): boolean {
  return !(error instanceof ApiProblem) || error.status === 0 || error.status >= 500;
}
