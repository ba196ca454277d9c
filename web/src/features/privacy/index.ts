/** What other features show of a person's data. Loaded when it is shown. */
import { lazy } from "react";

export const PersonalData = lazy(async () => ({
  default: (await import("./components/PersonalData")).PersonalData,
}));
export const ErasedNotice = lazy(async () => ({
  default: (await import("./components/ErasedNotice")).ErasedNotice,
}));
