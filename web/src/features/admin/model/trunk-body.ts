import type { Schema } from "@/api/client";

export interface TrunkValues extends Omit<Schema<"TrunkIn">, "secret" | "is_encrypted"> {
  secret?: string | undefined;
  /** Asked for with TLS only: nothing else hides the keys of the voices. */
  is_encrypted?: boolean | undefined;
}

export const FRESH_TRUNK: Partial<TrunkValues> = {
  port: 5060,
  transport: "udp",
  does_register: false,
  is_enabled: true,
  is_encrypted: false,
  username: "",
  caller_number: "",
};

/**
 * What to send to change a trunk. An empty password field keeps the password there is, unless the user name was
 * emptied too: then both go.
 */
export function toTrunkChange({ secret, ...values }: TrunkValues): Schema<"TrunkPatchIn"> {
  const rest = { ...values, is_encrypted: isEncrypted(values) };
  if (secret) return { ...rest, secret };
  return rest.username ? rest : { ...rest, secret: "" };
}

export function toNewTrunk(values: TrunkValues): Schema<"TrunkIn"> {
  return { ...values, secret: values.secret ?? "", is_encrypted: isEncrypted(values) };
}

function isEncrypted({ transport, is_encrypted }: Omit<TrunkValues, "secret">): boolean {
  return transport === "tls" && (is_encrypted ?? false);
}
