/** What is known before hello beyond name and number. Loaded after the desk stands, so that it is there when it rings. */
import i18next from "i18next";
import { lazy } from "react";

const chooser = () => import("./components/CustomerChooser");
const form = () => import("./components/NewCustomer");
const facts = () => import("./components/KnownFacts");
const said = () => import("./components/SaidInFlow");

export const CustomerChooser = lazy(async () => ({ default: (await chooser()).CustomerChooser }));
export const NewCustomer = lazy(async () => ({ default: (await form()).NewCustomer }));
export const KnownFacts = lazy(async () => ({ default: (await facts()).KnownFacts }));
export const SaidInFlow = lazy(async () => ({ default: (await said()).SaidInFlow }));

/** Fetch what the next call will show. */
export function prepareKnown(): void {
  void Promise.all([i18next.loadNamespaces("known"), chooser(), form(), facts(), said()]).catch(
    () => undefined,
  ); // asked again when shown
}
