export type ApiErrorType =
  | "invalid_request_error"
  | "authentication_error"
  | "billing_error"
  | "permission_error"
  | "not_found_error"
  | "rate_limit_error"
  | "api_error"
  | "overloaded_error";

type Extras = { details?: Record<string, unknown>; headers?: Record<string, string> };

/** An answer that is an error, in the API's own words. */
export class ApiFault extends Error {
  constructor(
    readonly status: number,
    readonly type: ApiErrorType,
    message: string,
    readonly extras: Extras = {},
  ) {
    super(message);
  }

  body(requestId: string): string {
    const { details } = this.extras;
    const error = { type: this.type, message: this.message, ...(details ? { details } : {}) };
    return JSON.stringify({ type: "error", error, request_id: requestId });
  }
}

export const invalid = (message: string) => new ApiFault(400, "invalid_request_error", message);
export const notFound = (what: string) =>
  new ApiFault(404, "not_found_error", `${what} was not found.`);
