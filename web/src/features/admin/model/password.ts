/** Without the letters and digits that are taken for each other when read aloud or copied by hand. */
const SIGNS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789";
const LENGTH = 12;

/** Return a random password of twelve signs, with at least one digit, small and capital letter. */
export function makePassword(): string {
  for (;;) {
    const text = Array.from(
      crypto.getRandomValues(new Uint32Array(LENGTH)),
      (n) => SIGNS[n % SIGNS.length],
    ).join("");
    if (/[a-z]/.test(text) && /[A-Z]/.test(text) && /\d/.test(text)) return text;
  }
}
