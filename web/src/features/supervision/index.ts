/** What a supervisor does, for the pages that show conversations and agents. */
export { ForceMenu } from "./components/ForceMenu";
export { SuperviseMenu } from "./components/SuperviseMenu";
