/** A service as its form holds it, and back. Pure. */
import type { Schema } from "@/api/client";
import type { ExternalService, ServiceKind, ServiceSettings } from "./api";

interface HeaderRow {
  name?: string;
  text?: string;
}

export interface ServiceValues {
  name?: string;
  is_enabled: boolean;
  secret?: string;
  /** The settings, headers as rows. */
  settings: Record<string, unknown> & { kind: ServiceKind; headers?: HeaderRow[]; fields?: HeaderRow[] };
}

const PAYMENT_BODY = `{
  "amount": "{{amount|number}}",
  "card": "{{card}}",
  "expiry": "{{expiry}}",
  "code": "{{code}}",
  "reference": "{{key}}"
}`;
const SMS_BODY = `{
  "phone": "{{to}}",
  "content": "{{text}}",
  "id": "{{key}}"
}`;

const SYNTHESIS_BODY = `{
  "model": "tts-1",
  "voice": "alloy",
  "input": "{{text}}",
  "response_format": "wav"
}`;

const STREAMED: ReadonlySet<unknown> = new Set(["funasr", "sherpa"]);
const REQUEST_PATH = "/v1/audio/transcriptions";

/** What a new service of a kind begins with. */
export const FRESH: Record<ServiceKind, Record<string, unknown>> = {
  http: { secret_header: "Authorization" },
  database: { port: 5432, tls: "verify-full", statements: [] },
  payment: {
    path: "/payments",
    body: PAYMENT_BODY,
    status_pointer: "/status",
    paid: ["paid"],
    refused: ["refused"],
    reference_pointer: "/id",
    secret_header: "Authorization",
  },
  sms: { body: SMS_BODY, secret_header: "Authorization", ok_pointer: "", ok_values: [] },
  synthesis: {
    path: "/v1/audio/speech",
    body: SYNTHESIS_BODY,
    languages: ["zh", "en"],
    secret_header: "Authorization",
  },
  recognition: {
    protocol: "form",
    path: REQUEST_PATH,
    fields: [{ name: "model", text: "whisper-1" }],
    text_pointer: "/text",
    languages: ["zh", "en"],
    secret_header: "Authorization",
  },
  mail: { port: 465, security: "tls", username: "", from_name: "" },
};

/** Whether a recogniser of this protocol hears what is said as it is said, by a websocket. */
export function isStreamed(protocol: unknown): boolean {
  return STREAMED.has(protocol);
}

/** The path that goes with a protocol: one that somebody wrote stays. */
export function pathOf(protocol: string, path: unknown): unknown {
  const usual = isStreamed(protocol) ? "/" : REQUEST_PATH;
  return path === "/" || path === REQUEST_PATH || !path ? usual : path;
}

const WITH_HEADERS: ReadonlySet<ServiceKind> = new Set(["http", "sms", "synthesis", "recognition"]);

export function freshValues(kind: ServiceKind): ServiceValues {
  return { is_enabled: true, settings: { kind, ...FRESH[kind] } };
}

export function toValues({ name, is_enabled, settings }: ExternalService): ServiceValues {
  const headers = toRows("headers" in settings ? settings.headers : {});
  const fields = toRows("fields" in settings ? settings.fields : {});
  return { name, is_enabled, settings: { ...settings, headers, fields } };
}

function toRows(pairs: Record<string, unknown> | undefined): HeaderRow[] {
  return Object.entries(pairs ?? {}).map(([name, text]) => ({ name, text: String(text) }));
}

function toPairs(rows: HeaderRow[] | undefined): Record<string, string> {
  return Object.fromEntries((rows ?? []).flatMap((row) => (row.name ? [[row.name, row.text ?? ""]] : [])));
}

/** What to send. An empty secret keeps the one there is. */
export function toBody({
  name = "",
  is_enabled,
  secret,
  settings,
}: ServiceValues): Schema<"ExternalServiceIn"> {
  const { headers, fields, ...rest } = settings;
  const hasHeaders = WITH_HEADERS.has(settings.kind);
  const whole = {
    ...rest,
    ...(hasHeaders && { headers: toPairs(headers) }),
    ...(settings.kind === "recognition" && { fields: toPairs(fields) }),
  };
  return {
    name,
    is_enabled,
    ...(secret && { secret }),
    settings: whole as unknown as ServiceSettings,
  } as Schema<"ExternalServiceIn">;
}
