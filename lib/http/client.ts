import type { ErrorBody } from "./answer";

/** What the API answered instead of data; `status` 0 when it could not be reached at all. */
export class ApiError extends Error {
  override name = "ApiError";
  readonly code: string;
  readonly status: number;
  readonly issues: { path: string; message: string }[];
  readonly requestId: string | null;

  constructor(status: number, body: Partial<ErrorBody>) {
    super(body.error?.message ?? `The server answered ${status}.`);
    this.status = status;
    this.code = body.error?.code ?? "internal";
    this.issues = body.error?.issues ?? [];
    this.requestId = body.requestId ?? null;
  }
}

type Options = {
  method?: string;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is: one JSON value a line. */
  ndjson?: string;
  signal?: AbortSignal;
};

/** The browser's way to our API: `api<SessionsPage>("/api/v1/sessions?…")`. Throws ApiError. */
export async function api<T>(
  path: string,
  { method = "GET", body, ndjson, signal }: Options = {},
): Promise<T> {
  const headers = new Headers({ accept: "application/json" });
  if (body !== undefined) headers.set("content-type", "application/json");
  if (ndjson !== undefined) headers.set("content-type", "application/x-ndjson");
  const response = await fetch(path, {
    method,
    headers,
    signal,
    body: ndjson ?? (body === undefined ? undefined : JSON.stringify(body)),
  }).catch((cause: unknown) => {
    if (signal?.aborted) throw cause;
    throw new ApiError(0, {
      error: { code: "unavailable", message: "The server cannot be reached." },
    });
  });
  if (response.status === 204) return undefined as T;
  const text = await response.text();
  if (!response.ok) throw new ApiError(response.status, errorBody(text));
  return JSON.parse(text) as T;
}

function errorBody(text: string): Partial<ErrorBody> {
  try {
    return JSON.parse(text) as Partial<ErrorBody>;
  } catch {
    return {};
  }
}
