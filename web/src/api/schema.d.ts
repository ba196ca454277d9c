/** Hand-written until openapi.json exists; `npm run api` replaces this file. */
type Body<B> = { content: { "application/json": B } };
type Ok<R> = { 200: { headers: Record<string, unknown>; content: { "application/json": R } } };
type Parameters<P, Q> = { query?: Q; header?: never; path: P; cookie?: never };
type NoParameters<Q = never> = { query?: Q; header?: never; path?: never; cookie?: never };
type Read<R, Q = never> = { parameters: NoParameters<Q>; requestBody?: never; responses: Ok<R> };
type Write<B, R> = { parameters: NoParameters; requestBody: Body<B>; responses: Ok<R> };
type ReadOf<P, R, Q = never> = { parameters: Parameters<P, Q>; requestBody?: never; responses: Ok<R> };
type WriteOf<P, B, R> = { parameters: Parameters<P, never>; requestBody: Body<B>; responses: Ok<R> };
type Page<R> = { items: R[]; total: number };
type S = components["schemas"];

export interface components {
  schemas: {
    SessionUser: {
      id: number;
      name: string;
      username: string;
      role: string;
      rights: string[];
      agent: { id: number; telephone: string } | null;
      language: string;
      theme: string;
    };
    SessionCompany: { code: string; name: string; time_zone: string };
    SessionOut: { user: S["SessionUser"] | null; company: S["SessionCompany"] | null; is_new: boolean };
    CustomerNumber: { id: number; number: string | null; masked: string; place: string; kind: string };
    Customer: {
      id: number;
      name: string;
      company: string;
      gender: string;
      level: string;
      address: string;
      hobbies: string;
      product: string;
      purchased_on: string | null;
      note: string;
      numbers: S["CustomerNumber"][];
      owner: string | null;
    };
    Reason: { id: number; code: string; name: string; name_en: string; is_rest: boolean };
    Disposition: { id: number; name: string; name_en: string };
    WrapUp: { disposition_id: number | null; result: string; note: string; version: number };
    Recording: { id: string; duration_s: number | null; state: string };
    InteractionOut: {
      id: string;
      direction: string;
      started_at: string;
      answered_at: string | null;
      ended_at: string | null;
      outcome: string;
      queue: number | null;
      queue_name: string;
      agent: number | null;
      agent_name: string;
      masked: string;
      customer: { id: number; name: string } | null;
      wait_s: number;
      talk_s: number;
      disposition: string;
      note: string;
      recordings: S["Recording"][];
      path: string[];
      is_handled: boolean;
    };
    PopMatch: { customer: S["Customer"]; times_called: number; last: S["InteractionOut"][] };
    Pop: {
      number: string | null;
      masked: string;
      place: string;
      matches: S["PopMatch"][];
      customer_id: number | null;
      entry: string | null;
      queue: string | null;
    };
    Identity: { username: string; password: string; domain: string; path: string; call: string | null; expires_at: string | null };
  };
}

export interface paths {
  "/api/session": {
    get: Read<S["SessionOut"]>;
    post: Write<{ company: string; username: string; password: string }, S["SessionOut"]>;
    delete: Read<null>;
  };
  "/api/session/password": { post: Write<{ old: string; new: string }, null> };
  "/api/session/preferences": { put: Write<{ language?: string; theme?: string }, null> };
  "/api/ticket": { get: Read<{ ticket: string; expires_at: string }> };
  "/api/public/{company}": {
    get: ReadOf<{ company: string }, { name: string; is_open: boolean; entries: { number: string; name: string }[] }>;
  };
  "/api/public/{company}/call": { post: WriteOf<{ company: string }, { entry: string }, S["Identity"]> };
}
export type operations = Record<string, never>;
export type webhooks = Record<string, never>;
