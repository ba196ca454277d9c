/** What other features may use of the settings: the first-run wizard makes the same things with the same fields. */
export { HandOver } from "./components/HandOver";
export { HoursSummary } from "./components/HoursSummary";
export { PasswordField } from "./components/PasswordField";
export { TrunkFields } from "./components/TrunkFields";
export { TrunkTest } from "./components/TrunkTest";
export { WeeklyField } from "./components/WeeklyField";
export { FlowOutline } from "./flows/components/FlowOutline";
export type { FlowGraph, FlowNode } from "./flows/model/graph";
export { speakPrompt } from "./flows/model/prompts";
export { createFlow, flowQuery, publishFlow, saveDraft } from "./flows/model/queries";
export { useFlowNames } from "./flows/model/useFlowNames";
export {
  type Flow,
  type Hours,
  hours,
  numbers,
  type PhoneNumber,
  type Queue,
  queues,
  type Trunk,
  trunks,
  type User,
  users,
} from "./model/api";
export { companyQuery, setupStateQuery, timeZones } from "./model/company";
export { findSpanProblem, officeWeek, type Weekly } from "./model/hours";
export {
  allFlows,
  allHours,
  allNumbers,
  allQueues,
  allTrunks,
  allUsers,
  useSettingsChanged,
} from "./model/queries";
export { FRESH_QUEUE } from "./model/queue";
export { FRESH_TRUNK, type TrunkValues, toNewTrunk } from "./model/trunk-body";
