/** What a lead does to contacts that wait, for the pages that show who waits. */
export { InterventionMenu } from "./components/InterventionMenu";
export { type Act, actOfKey, actsFor } from "./model/acts";
export { classNamesQuery } from "./model/queries";
export { useInterventions } from "./model/useInterventions";
