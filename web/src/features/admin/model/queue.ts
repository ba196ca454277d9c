import type { Queue } from "./api";

export type QueueBody = Omit<Queue, "id">;

/** What a queue is made with where nothing else is said. */
export const FRESH_QUEUE: QueueBody = {
  voicemail: null,
  callback: null,
  survey: null,
  name: "",
  name_en: "",
  members: [],
  skills: {},
  offer_timeout_s: 20,
  wrap_up_s: 60,
  service_level_s: 20,
  service_level_pct: 80,
  announce_every_s: 30,
  max_wait_s: 1800,
  is_recorded: true,
  extension: "",
  agent_choice: "longest_idle",
  ring_at_most: 10,
  rings: [],
  announces_place: true,
  announces_wait: true,
  hours_id: null,
  overflow: [],
  memberships: [],
  weight: 0,
  wrap_up_mode: "extendable",
  wrap_up_extensions: 3,
  wrap_up_extension_s: 60,
  missed_limit: 1,
  missed_pause_s: 0,
  missed_back_after_s: 0,
  preference: { who: "nobody", wait_s: 30, within_days: 30, waits_for_away: false },
};
