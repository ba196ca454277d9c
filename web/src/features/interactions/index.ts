/** What other features may name of contacts: how a list of them stands in its address. */
export type { ContactsSearch } from "./model/search";
