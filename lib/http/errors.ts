import type { z } from "zod";

/** The one table of what can go wrong and its HTTP status. */
export const ERROR_STATUS = {
  invalid: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  too_large: 413,
  rate_limited: 429,
  internal: 500,
  unavailable: 503,
  out_of_space: 507,
} as const;
export type ErrorCode = keyof typeof ERROR_STATUS;

/** `path` is dotted, in the caller's own names: `limit`, `metadata.tenant`, `scopes.0`. */
export type Issue = { path: string; message: string };

type Extra = {
  cause?: unknown;
  issues?: Issue[];
  /** Sent as `retry-after`, whole seconds. */
  retryAfterSeconds?: number;
};

/** An error meant for the caller: its message is shown as it stands, so it holds no secret and no content. */
export class AppError extends Error {
  override name = "AppError";
  readonly code: ErrorCode;
  readonly issues: Issue[] | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, message: string, extra: Extra = {}) {
    super(message, { cause: extra.cause });
    this.code = code;
    this.issues = extra.issues;
    this.retryAfterSeconds = extra.retryAfterSeconds;
  }

  get status(): number {
    return ERROR_STATUS[this.code];
  }
}

/** The error of one bad field. */
export function invalidField(path: string, message: string): AppError {
  return new AppError("invalid", `${path}: ${message}`, { issues: [{ path, message }] });
}

export function issuesOf(error: z.ZodError): Issue[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((key) => ({
        path: [...issue.path, key].join("."),
        message: "unknown name; look it up in /api/v1/openapi.json",
      }));
    return [{ path: issue.path.join("."), message: lowerFirst(issue.message) }];
  });
}

/** What a failed parse is to the caller; `where` says which part of the request it was. */
export function invalidPart(where: string, error: z.ZodError): AppError {
  const issues = issuesOf(error);
  const first = issues[0];
  const named = first?.path ? `${first.path}: ${first.message}` : (first?.message ?? "not valid");
  return new AppError("invalid", `The ${where} is not valid. ${named}`, { issues, cause: error });
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
