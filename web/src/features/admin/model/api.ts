/** The settings of the company as resources: what every list and form of administration does with HTTP. */
import { api, bodyOf, type Schema } from "@/api/client";
import type { Dates, Weekly } from "./hours";

export interface ListQuery {
  search?: string;
  sort?: string;
  page?: number;
  page_size?: number;
}

export interface ListPage<Row> {
  items: Row[];
  total: number;
}

/** One kind of setting. `create` answers what the server made: it may hold what is shown only once. */
export interface Resource<Row, Create, Change, Query extends ListQuery = ListQuery, Made = Row> {
  /** the address below /api, and the middle of its cache keys */
  noun: string;
  list: (query: Query) => Promise<ListPage<Row>>;
  create: (body: Create) => Promise<Made>;
  change: (id: number, body: Change) => Promise<Row>;
  remove: (id: number) => Promise<void>;
}

export type User = Schema<"UserOut">;
export type Queue = Schema<"QueueOut">;
export type PhoneNumber = Schema<"NumberOut">;
export type Trunk = Schema<"TrunkOut">;
export type Telephone = Schema<"TelephoneOut">;
export type TelephoneSecret = Schema<"TelephoneSecretOut">;
/** The description loses that a span is a pair: HoursOut with it kept. */
export interface Hours {
  id: number;
  name: string;
  weekly: Weekly;
  dates: Dates;
  /** what such a day is called */
  names: Record<string, string>;
  /** "": the company's own */
  time_zone: string;
  is_open: boolean;
  next_change_at: string | null;
}
export type Reason = Schema<"ReasonOut">;
export type Disposition = Schema<"DispositionOut">;
export type Flow = Schema<"FlowOut">;

export interface UserQuery extends ListQuery {
  role?: string;
  team?: number;
  site?: number;
}

export const users: Resource<User, Schema<"UserIn">, Schema<"UserPatchIn">, UserQuery> = {
  noun: "users",
  list: (query) => bodyOf(api.GET("/api/users", { params: { query } })),
  create: (body) => bodyOf(api.POST("/api/users", { body })),
  change: (user_id, body) =>
    bodyOf(api.PATCH("/api/users/{user_id}", { params: { path: { user_id } }, body })),
  remove: (user_id) => bodyOf(api.DELETE("/api/users/{user_id}", { params: { path: { user_id } } })),
};

export function setUserPassword(user_id: number, password: string): Promise<void> {
  return bodyOf(
    api.POST("/api/users/{user_id}/password", { params: { path: { user_id } }, body: { password } }),
  );
}

export const queues: Resource<Queue, Schema<"QueueIn">, Schema<"QueuePatchIn">> = {
  noun: "queues",
  list: (query) => bodyOf(api.GET("/api/queues", { params: { query } })),
  create: (body) => bodyOf(api.POST("/api/queues", { body })),
  change: (queue_id, body) =>
    bodyOf(api.PATCH("/api/queues/{queue_id}", { params: { path: { queue_id } }, body })),
  remove: (queue_id) => bodyOf(api.DELETE("/api/queues/{queue_id}", { params: { path: { queue_id } } })),
};

export const numbers: Resource<PhoneNumber, Schema<"NumberIn">, Schema<"NumberPatchIn">> = {
  noun: "numbers",
  list: (query) => bodyOf(api.GET("/api/numbers", { params: { query } })),
  create: (body) => bodyOf(api.POST("/api/numbers", { body })),
  change: (number_id, body) =>
    bodyOf(api.PATCH("/api/numbers/{number_id}", { params: { path: { number_id } }, body })),
  remove: (number_id) => bodyOf(api.DELETE("/api/numbers/{number_id}", { params: { path: { number_id } } })),
};

export const trunks: Resource<Trunk, Schema<"TrunkIn">, Schema<"TrunkPatchIn">> = {
  noun: "trunks",
  list: (query) => bodyOf(api.GET("/api/trunks", { params: { query } })),
  create: (body) => bodyOf(api.POST("/api/trunks", { body })),
  change: (trunk_id, body) =>
    bodyOf(api.PATCH("/api/trunks/{trunk_id}", { params: { path: { trunk_id } }, body })),
  remove: (trunk_id) => bodyOf(api.DELETE("/api/trunks/{trunk_id}", { params: { path: { trunk_id } } })),
};

export type TrunkTest = Schema<"TrunkTestOut">;

/** Ask the carrier now; takes up to twelve seconds. */
export function testTrunk(trunk_id: number): Promise<TrunkTest> {
  return bodyOf(api.POST("/api/trunks/{trunk_id}/test", { params: { path: { trunk_id } } }));
}

export const telephones: Resource<
  Telephone,
  Schema<"TelephoneIn">,
  Schema<"TelephonePatchIn">,
  ListQuery,
  TelephoneSecret
> = {
  noun: "telephones",
  list: (query) => bodyOf(api.GET("/api/telephones", { params: { query } })),
  create: (body) => bodyOf(api.POST("/api/telephones", { body })),
  change: (telephone_id, body) =>
    bodyOf(api.PATCH("/api/telephones/{telephone_id}", { params: { path: { telephone_id } }, body })),
  remove: (telephone_id) =>
    bodyOf(api.DELETE("/api/telephones/{telephone_id}", { params: { path: { telephone_id } } })),
};

export function resetTelephoneSecret(telephone_id: number): Promise<TelephoneSecret> {
  return bodyOf(api.POST("/api/telephones/{telephone_id}/secret", { params: { path: { telephone_id } } }));
}

/** Take a year's holidays and make-up workdays from a table; answers the calendar with them. */
export function importDays(hours_id: number, csv: string): Promise<Hours> {
  return bodyOf(
    api.POST("/api/hours/{hours_id}/days", { params: { path: { hours_id } }, body: { csv } }),
  ) as Promise<Hours>;
}

export const hours: Resource<Hours, Schema<"HoursIn">, Schema<"HoursPatchIn">> = {
  noun: "hours",
  list: async (query) => (await bodyOf(api.GET("/api/hours", { params: { query } }))) as ListPage<Hours>,
  create: async (body) => (await bodyOf(api.POST("/api/hours", { body }))) as Hours,
  change: async (hours_id, body) =>
    (await bodyOf(api.PATCH("/api/hours/{hours_id}", { params: { path: { hours_id } }, body }))) as Hours,
  remove: (hours_id) => bodyOf(api.DELETE("/api/hours/{hours_id}", { params: { path: { hours_id } } })),
};

export const reasons: Resource<Reason, Schema<"ReasonIn">, Schema<"ReasonPatchIn">> = {
  noun: "reasons",
  list: (query) => bodyOf(api.GET("/api/reasons", { params: { query } })),
  create: (body) => bodyOf(api.POST("/api/reasons", { body })),
  change: (reason_id, body) =>
    bodyOf(api.PATCH("/api/reasons/{reason_id}", { params: { path: { reason_id } }, body })),
  remove: (reason_id) => bodyOf(api.DELETE("/api/reasons/{reason_id}", { params: { path: { reason_id } } })),
};

export const dispositions: Resource<Disposition, Schema<"DispositionIn">, Schema<"DispositionPatchIn">> = {
  noun: "dispositions",
  list: (query) => bodyOf(api.GET("/api/dispositions", { params: { query } })),
  create: (body) => bodyOf(api.POST("/api/dispositions", { body })),
  change: (disposition_id, body) =>
    bodyOf(api.PATCH("/api/dispositions/{disposition_id}", { params: { path: { disposition_id } }, body })),
  remove: (disposition_id) =>
    bodyOf(api.DELETE("/api/dispositions/{disposition_id}", { params: { path: { disposition_id } } })),
};
