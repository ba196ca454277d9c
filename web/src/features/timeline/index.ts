/** What other features may use of the timeline. */

export { PersonSelect } from "./components/PersonSelect";
export type { TimelineFilter } from "./model/queries";
export { Timeline } from "./Timeline";
