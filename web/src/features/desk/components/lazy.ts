/** What the desk shows of a contact once there is one. Fetched when the empty desk stands, so that it is there when it rings. */
import { lazy } from "react";
import { prepareKnown } from "../known";

const wrapUp = () => import("./WrapUpPanel");
const details = () => import("./ContactDetails");
const otherScreen = () => import("./OtherScreen");

export const WrapUpPanel = lazy(async () => ({ default: (await wrapUp()).WrapUpPanel }));
export const OtherScreen = lazy(async () => ({ default: (await otherScreen()).OtherScreen }));
export const ContactDetails = lazy(async () => ({ default: (await details()).ContactDetails }));

/** Fetch what the next call will show. */
export function prepareContact(): void {
  prepareKnown();
  void Promise.all([wrapUp(), details(), otherScreen()]).catch(() => undefined); // asked again when shown
}

/** What the caller left behind, of a message or a callback. */
export const DeferredNotice = lazy(async () => ({
  default: (await import("@/features/softphone/deferred/DeferredNotice")).DeferredNotice,
}));

/** Who handed the contact on, and what came of handing it on. */
export const HandoverNotice = lazy(async () => ({
  default: (await import("@/features/softphone/handover/components/HandoverNotice")).HandoverNotice,
}));

/** What was before; the agent reads it a moment after the first paint. */
export const Timeline = lazy(async () => ({
  default: (await import("@/features/timeline/Timeline")).Timeline,
}));
