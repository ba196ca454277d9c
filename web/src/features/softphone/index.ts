/** What other features may use of the softphone; its strip in the top bar is Softphone.tsx, loaded by the shell. */
export { noticeOf } from "./handover/model";
export { currentOf, isWrappingUp, liveCallOf, toneOf } from "./model/contact";
export { takeTelephoneOver, telephone } from "./model/telephone-of-this-tab";
export { useCommand } from "./model/useCommand";
export { type DialTarget, useDial } from "./model/useDial";
export { hangUpBy } from "./model/useHangUp";
export { useMicrophonePermission } from "./model/useMicrophonePermission";
