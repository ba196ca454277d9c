export { ContactAnswers } from "./components/ContactAnswers";
