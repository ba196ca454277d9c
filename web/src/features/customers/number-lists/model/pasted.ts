/** The numbers in pasted text: one a line, or with commas, semicolons or tabs between; spaces belong to a number. */
export function readPasted(text: string): string[] {
  const parts = text.split(/[\n\r,;，；、\t]+/).map((part) => part.trim());
  return [...new Set(parts.filter(Boolean))];
}
