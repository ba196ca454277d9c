const OF_ADMINISTRATOR = new Set(["username", "password"]);

/**
 * Where in the first form a field stands that a refusal names: "company.code" by its path, and the bare names that
 * the rules of companies and users give ("time_zone", "password"). The setup code stands by itself.
 */
export function placeOfField(field: string): string[] {
  if (field.includes(".")) return field.split(".");
  if (field === "setup_code") return [field];
  return [OF_ADMINISTRATOR.has(field) ? "administrator" : "company", field];
}
