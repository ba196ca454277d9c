import { parseSearchWith, stringifySearchWith } from "@tanstack/react-router";

/**
 * Read one value of an address. What looks like a number and would not be written the same stays the text that somebody
 * searched for: "200e90" is part of a name, and no 2e+92.
 */
function readValue(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (typeof value === "number" && String(value) !== text) throw new SyntaxError("a text");
  return value;
}

export const parseSearch = parseSearchWith(readValue);
export const stringifySearch = stringifySearchWith(JSON.stringify, readValue);
