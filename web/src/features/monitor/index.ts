/** What other features show of the live board. */
export { FreshnessMark } from "./components/FreshnessMark";
export { useBoard } from "./model/board";
