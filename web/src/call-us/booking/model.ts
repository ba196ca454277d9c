import type { Schema } from "@/api/client";
import { ApiProblem } from "@/api/problem";

export type Booking = Schema<"BookingOut">;
export type Queue = Schema<"BookableQueue">;
export type Days = Schema<"BookingDaysOut">;
type Slot = Schema<"BookingSlot">;

const PAGE = /^\/call-us\/([^/]+)\/booking\/([^/]+)/;

/** The booking's own page: whoever has the address may change it. */
export function bookingPath(company: string, token: string): string {
  return `/call-us/${encodeURIComponent(company)}/booking/${encodeURIComponent(token)}`;
}

export function tokenIn(path: string): string | null {
  const found = PAGE.exec(path)?.[2];
  return found ? decodeURIComponent(found) : null;
}

export function dayName(day: string, language: "zh" | "en"): string {
  const at = new Date(`${day}T12:00:00Z`);
  return new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en-GB", {
    timeZone: "UTC",
    month: language === "zh" ? "long" : "short",
    day: "numeric",
    weekday: "short",
  }).format(at);
}

function clock(at: string, timeZone: string): string {
  return new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit" }).format(
    new Date(at),
  );
}

export function hourName({ begins_at, ends_at }: Pick<Slot, "begins_at" | "ends_at">, zone: string): string {
  return `${clock(begins_at, zone)}–${clock(ends_at, zone)}`;
}

/** The day of an instant on a clock, as `dayName` takes it. */
export function dayOf(at: string, timeZone: string): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" }).format(new Date(at));
}

export function toProblem(error: unknown): ApiProblem {
  return error instanceof ApiProblem ? error : new ApiProblem({ code: "offline", status: 0 });
}
