import { AppError, type ErrorCode, type Issue } from "./errors";
import { API_POLICY, SECURITY_HEADERS } from "./guards.mjs";
import { noSpace, troubleOf } from "./trouble";

export type ErrorBody = {
  error: { code: ErrorCode; message: string; issues?: Issue[] };
  requestId: string;
};

export function errorResponse(error: AppError, requestId: string): Response {
  const { code, message, issues } = error;
  const body: ErrorBody = {
    error: issues ? { code, message, issues } : { code, message },
    requestId,
  };
  const headers = new Headers({ "content-type": "application/json; charset=utf-8" });
  if (error.retryAfterSeconds !== undefined)
    headers.set("retry-after", String(error.retryAfterSeconds));
  if (code === "unauthorized") headers.set("www-authenticate", 'Bearer realm="watchkeeper"');
  return new Response(JSON.stringify(body), { status: error.status, headers });
}

export function jsonResponse(value: unknown, status: number): Response {
  if (status === 204 || value === undefined) return new Response(null, { status: 204 });
  return new Response(JSON.stringify(value), {
    status,
    headers: { "content-type": "application/json; charset=utf-8" },
  });
}

/** The headers every answer of the API carries. */
export function withStandardHeaders(response: Response, requestId: string): Response {
  response.headers.set("x-request-id", requestId);
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.headers.set(name, value);
  response.headers.set("content-security-policy", API_POLICY);
  if (!response.headers.has("cache-control")) response.headers.set("cache-control", "no-store");
  return response;
}

/** What the caller may know of any error: our own as they are, trouble of the database as such, nothing of others. */
export function appErrorOf(error: unknown): AppError {
  if (error instanceof AppError) return error;
  switch (troubleOf(error)) {
    case "away":
      return new AppError("unavailable", "The database cannot be reached; try again.", {
        cause: error,
        retryAfterSeconds: 2,
      });
    case "busy":
      return new AppError("rate_limited", "Too much is asked of the database; ask again shortly.", {
        cause: error,
        retryAfterSeconds: 2,
      });
    case "full":
      return noSpace(error);
    case "retired":
      return new AppError(
        "unavailable",
        "The key of stored secrets was rotated meanwhile; try again. If it does not help, this process runs with an old WATCHKEEPER_SECRET: restart it with the new one, or run npm run rotate-secret.",
        { cause: error, retryAfterSeconds: 1 },
      );
    case null:
      return unexpected(error);
  }
}

function unexpected(error: unknown): AppError {
  return new AppError(
    "internal",
    "Something went wrong here; the log has it under this requestId.",
    {
      cause: error,
    },
  );
}

/** An unexpected error for the log. Not its message: a database's messages quote what was stored. */
export function describeUnexpected(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { errorName: typeof error };
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  const { code, meta } = error as { code?: unknown; meta?: { code?: unknown } };
  return {
    errorName: error.name,
    errorCode: code ?? meta?.code,
    at: frames.slice(0, 8).map((line) => line.trim()),
  };
}
