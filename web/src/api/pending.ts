/** Routes that openapi.json does not describe yet. Goes away with the first description that has them. */
type Body<B> = { content: { "application/json": B } };
type Ok<R> = { 200: { headers: Record<string, unknown>; content: { "application/json": R } } };
type Parameters<P, Q> = { query?: Q; header?: never; path: P; cookie?: never };
type NoParameters<Q = never> = { query?: Q; header?: never; path?: never; cookie?: never };
type Read<R, Q = never> = { parameters: NoParameters<Q>; requestBody?: never; responses: Ok<R> };
type Write<B, R> = { parameters: NoParameters; requestBody: Body<B>; responses: Ok<R> };
type ReadOf<P, R, Q = never> = { parameters: Parameters<P, Q>; requestBody?: never; responses: Ok<R> };
type WriteOf<P, B, R> = { parameters: Parameters<P, never>; requestBody: Body<B>; responses: Ok<R> };
type Page<R> = { items: R[]; total: number };

export interface PendingSchemas {
  CustomerNumberOut: { id: number; number: string | null; masked: string; place: string; kind: string };
  CustomerOut: {
    id: number;
    name: string;
    company: string;
    gender: "unknown" | "female" | "male";
    level: "ordinary" | "important" | "vip";
    address: string;
    hobbies: string;
    product: string;
    purchased_on: string | null;
    note: string;
    numbers: PendingSchemas["CustomerNumberOut"][];
    owner: { id: number; name: string } | null;
  };
  CustomerLinkIn: { customer_id?: number; name?: string; company?: string; note?: string };
  WrapUp: { disposition_id: number | null; result: string; note: string; version: number };
  Recording: { id: string; duration_s: number | null; state: string };
  InteractionOut: {
    id: string;
    direction: string;
    started_at: string;
    answered_at: string | null;
    ended_at: string | null;
    outcome: "answered" | "abandoned" | "overflowed" | "self_service" | "not_reached" | "";
    entry: string | null;
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
    recordings: PendingSchemas["Recording"][];
    path: string[];
    is_handled: boolean;
  };
  PopMatch: {
    customer: PendingSchemas["CustomerOut"];
    times_called: number;
    last: PendingSchemas["InteractionOut"][];
  };
  Pop: {
    number: string | null;
    masked: string;
    place: string;
    matches: PendingSchemas["PopMatch"][];
    customer_id: number | null;
    entry: string | null;
    queue: string | null;
  };
  PublicCompanyOut: { name: string; entries: { number: string; name: string }[] };
  Identity: {
    username: string;
    password: string;
    domain: string;
    path: string;
    call: string | null;
    expires_at: string | null;
  };
}
type S = PendingSchemas;

export interface PendingPaths {
  "/api/dial": {
    post: Write<
      { number?: string; customer_number_id?: number; interaction_id?: string },
      { interaction: string }
    >;
  };
  "/api/interactions": {
    get: Read<
      Page<S["InteractionOut"]>,
      { missed?: boolean; page?: number; page_size?: number; customer?: number; agent?: number }
    >;
  };
  "/api/interactions/{interaction_id}": { get: ReadOf<{ interaction_id: string }, S["InteractionOut"]> };
  "/api/interactions/{interaction_id}/pop": { get: ReadOf<{ interaction_id: string }, S["Pop"]> };
  "/api/interactions/{interaction_id}/customer": {
    post: WriteOf<{ interaction_id: string }, S["CustomerLinkIn"], S["CustomerOut"]>;
  };
  "/api/interactions/{interaction_id}/wrap-up": {
    get: ReadOf<{ interaction_id: string }, S["WrapUp"]>;
    put: WriteOf<{ interaction_id: string }, S["WrapUp"], S["WrapUp"]>;
  };
  "/api/interactions/{interaction_id}/wrap-up/complete": {
    post: ReadOf<{ interaction_id: string }, S["WrapUp"]>;
  };
  "/api/interactions/{interaction_id}/missed/handled": { post: ReadOf<{ interaction_id: string }, null> };
  "/api/customers": { get: Read<Page<S["CustomerOut"]>, { search?: string; page_size?: number }> };
  "/api/customers/{customer_id}": {
    get: ReadOf<{ customer_id: number }, S["CustomerOut"]>;
    patch: WriteOf<{ customer_id: number }, Partial<S["CustomerOut"]>, S["CustomerOut"]>;
  };
  "/api/customers/{customer_id}/timeline": {
    get: ReadOf<{ customer_id: number }, Page<S["InteractionOut"]>>;
  };
  "/api/recordings/{recording_id}/waveform": {
    get: ReadOf<{ recording_id: string }, { peaks: number[][]; duration_s: number }>;
  };
  "/api/public/{company}": {
    get: ReadOf<{ company: string }, S["PublicCompanyOut"]>;
  };
  "/api/public/{company}/call": { post: WriteOf<{ company: string }, { entry: string }, S["Identity"]> };
}
