/** Full-width digits and signs, as a Chinese input method types them, to plain ones. */
function toHalfWidth(text: string): string {
  return text
    .replace(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/\u3000/g, " ");
}

/**
 * The dialable digits of what somebody typed or pasted, or null when it is no number: spaces, hyphens, dots
 * and brackets go, one leading + stays. Whether the number exists or may be called is the engine's to say.
 */
export function toDialable(text: string): string | null {
  const plain = toHalfWidth(text).replace(/[\s\-.()\u2010-\u2015\u200e\u202a-\u202c]/g, "");
  return /^\+?[0-9*#]{2,32}$/.test(plain) ? plain : null;
}

/** Spaces in a number so that the eye can hold it; masked digits keep their place. Text that is no number stays. */
export function formatNumber(number: string): string {
  const mainland = number.replace(/^\+86/, "");
  if (/^1[0-9*]{10}$/.test(mainland)) return mainland.replace(/^(.{3})(.{4})(.{4})$/, "$1 $2 $3");
  if (/^(400|800)[0-9*]{7}$/.test(mainland)) return mainland.replace(/^(.{3})(.{3})(.{4})$/, "$1 $2 $3");
  return mainland === number ? number : `0${mainland}`.replace(/^0(1[0-9*]{10})$/, "$1");
}
