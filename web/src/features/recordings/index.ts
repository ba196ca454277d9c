/** What other features may use: the player of one recording, the filters that lists of contacts share. */
export { ContactFilters } from "./components/ContactFilters";
export { RecordingPlayer } from "./components/RecordingPlayer";
