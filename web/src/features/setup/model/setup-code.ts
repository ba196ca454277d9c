/**
 * Read the setup code from an address's fragment, "#code=ABCDE-FGHJK"; "" where there is none. It stands there, and not
 * in the query, because browsers keep the fragment to themselves: no log of a server or proxy has it.
 */
export function setupCodeOf(hash: string): string {
  return new URLSearchParams(hash.replace(/^#/, "")).get("code")?.trim().slice(0, 60) ?? "";
}
