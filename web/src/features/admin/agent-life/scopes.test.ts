import { expect, it } from "vitest";
import { readScope, scopeOf } from "./scopes";

it("says whom a quota holds in one value, and reads it back", () => {
  for (const scope of [
    { team: 3, queue: null },
    { team: null, queue: 7 },
    { team: null, queue: null },
  ])
    expect(readScope(scopeOf(scope))).toEqual(scope);
});
