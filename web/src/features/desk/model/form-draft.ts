/** Keeps what is typed into a form on this machine until it is saved, one entry a form. */

export function readDraft<Fields extends object>(key: string): Partial<Fields> {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "{}") as Partial<Fields>;
  } catch {
    return {};
  }
}

export function keepDraft(key: string, fields: object): void {
  localStorage.setItem(key, JSON.stringify(fields));
}

export function dropDraft(key: string): void {
  localStorage.removeItem(key);
}
