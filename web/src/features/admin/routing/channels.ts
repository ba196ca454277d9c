/** Channels that have rules of capacity; calls alone come from outside so far. */
export const CHANNELS = ["voice", "chat", "mail"] as const;
export type Channel = (typeof CHANNELS)[number];
