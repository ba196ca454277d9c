/** What other features show of customers. Their form is loaded when it is opened. */
import { lazy } from "react";

export const CustomerDrawer = lazy(async () => ({
  default: (await import("./components/CustomerDrawer")).CustomerDrawer,
}));
