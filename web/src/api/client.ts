/** The one way to the HTTP API: paths and bodies typed from openapi.json, refusals thrown as `ApiProblem`. */
import createClient from "openapi-fetch";
import { ApiProblem, readProblem } from "./problem";
import type { components, paths } from "./schema";

type Schemas = components["schemas"];

/** A shape of the API by its name: `Schema<"SessionOut">`. */
export type Schema<Name extends keyof Schemas> = Schemas[Name];

function csrfToken(): string {
  return /(?:^|;\s*)zhiyin_csrf=([^;]+)/.exec(document.cookie)?.[1] ?? "";
}

/** Lists can answer as CSV too; that is fetched by links, never by this. */
export const api = createClient<paths, "application/json">({
  baseUrl: location.origin,
  credentials: "same-origin",
});

api.use({
  onRequest({ request }) {
    request.headers.set("X-Zhiyin-Language", document.documentElement.lang.slice(0, 2)); // names come as the page speaks
    if (request.method !== "GET") request.headers.set("X-CSRFToken", csrfToken());
    return request;
  },
  async onResponse({ response }) {
    if (!response.ok) throw await readProblem(response);
  },
  onError() {
    return new ApiProblem({ code: "offline", status: 0 });
  },
});

/** The body of an accepted answer: `const customer = await bodyOf(api.GET(...))`. Rejects with `ApiProblem`. */
export async function bodyOf<Data>(answer: Promise<{ data?: Data; response: Response }>): Promise<Data> {
  const { data, response } = await answer;
  // 204: nothing to say; 202: it will be done later
  if (data === undefined && response.status !== 204 && response.status !== 202)
    throw new ApiProblem({ code: "server_error", status: response.status });
  return data as Data;
}
