/** Why the server said no, as `application/problem+json` tells it; or that it could not be asked ("offline"). */
export class ApiProblem extends Error {
  readonly code: string;
  readonly facts: Record<string, unknown>;
  /** field name -> code, where a form was refused */
  readonly fields: Record<string, string>;
  readonly status: number;

  constructor(problem: {
    code: string;
    facts?: Record<string, unknown>;
    fields?: Record<string, string>;
    status: number;
    title?: string;
  }) {
    super(problem.title ?? problem.code);
    this.name = "ApiProblem";
    this.code = problem.code;
    this.facts = problem.facts ?? {};
    this.fields = problem.fields ?? {};
    this.status = problem.status;
  }
}

const CODE_OF_STATUS: Record<number, string> = {
  401: "not_logged_in",
  403: "forbidden",
  404: "not_found",
  413: "too_large",
  429: "too_many_requests",
  502: "offline",
  503: "offline",
  504: "offline",
};

/** Read a refused response; a body that is no problem document still gives a code that can be told. */
export async function readProblem(response: Response): Promise<ApiProblem> {
  const fallback = { code: CODE_OF_STATUS[response.status] ?? "server_error", status: response.status };
  if (!response.headers.get("content-type")?.includes("json")) return new ApiProblem(fallback);
  try {
    const body: unknown = await response.json();
    if (typeof body !== "object" || body === null || !("code" in body) || typeof body.code !== "string")
      return new ApiProblem(fallback);
    return new ApiProblem({ ...body, code: body.code, status: response.status });
  } catch {
    return new ApiProblem(fallback);
  }
}
