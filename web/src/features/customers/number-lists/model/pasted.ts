/** The numbers in pasted text: one a line, or with commas, semicolons or tabs between; spaces belong to a number. */
export function readPasted(text: string): string[] {
  const parts = text.split(/[\n\r,;\uff0c\uff1b\u3001\t]+/).map((part) => part.trim());
  return [...new Set(parts.filter(Boolean))];
}
