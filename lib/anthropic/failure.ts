import Anthropic from "@anthropic-ai/sdk";
import { findOutboundError } from "@/lib/http/outbound-error";
import type { TestFailure } from "./schema";

const LASTING: readonly TestFailure[] = ["wrong_key", "no_access", "billing", "spend_limit"];

/** Waiting does not mend it: a person has to. */
export const isLasting = (reason: TestFailure) => LASTING.includes(reason);

export type Failure = { reason: TestFailure; message: string };

/** Why a read of the API failed, and what can be done, in plain words; nothing of the key is in it. */
export function failureOf(error: unknown, host: string): Failure {
  const outbound = findOutboundError(error);
  if (outbound !== null) {
    const isAddress = outbound.reason === "refused_address" || outbound.reason === "bad_url";
    if (isAddress) return { reason: "refused_address", message: outbound.message };
    const isNetwork = outbound.reason === "network" || outbound.reason === "timeout";
    return { reason: isNetwork ? "network" : "not_the_api", message: outbound.message };
  }
  if (error instanceof Anthropic.APIConnectionTimeoutError)
    return { reason: "network", message: `${host} did not answer in time.` };
  if (error instanceof Anthropic.APIConnectionError)
    return { reason: "network", message: `${host} could not be called.` };
  if (error instanceof Anthropic.APIError && typeof error.status === "number")
    return ofStatus(error.status, error, host);
  return notTheApi(host, "does not answer in the API's form");
}

function ofStatus(
  status: number,
  error: InstanceType<typeof Anthropic.APIError>,
  host: string,
): Failure {
  const isApi = error.type !== null;
  if (status >= 500)
    return {
      reason: "network",
      message: `${host} has trouble of its own at the moment (${status}); try again later.`,
    };
  switch (status) {
    case 401:
      return {
        reason: "wrong_key",
        message: `${host} does not know this key (401). Copy it again; it may have been deleted or disabled in the Console.`,
      };
    case 402:
      return {
        reason: "billing",
        message: `${host} refuses because of a billing problem (402). An administrator can settle it in the Console.`,
      };
    case 403:
      return {
        reason: "no_access",
        message: `The key is good, but may not read sessions there (403). Use a key of the workspace whose sessions you want to see.`,
      };
    case 404:
      return isApi
        ? {
            reason: "missing_beta",
            message: `The key is good, but ${host} offers no Managed Agents to it (404). The organization needs access to the beta managed-agents-2026-04-01.`,
          }
        : notTheApi(host, "has nothing at /v1/sessions (404)");
    case 429:
      return isSpendLimit(error)
        ? spendLimit(host, status)
        : {
            reason: "rate_limited",
            message: `${host} is receiving too many requests from your organization (429). Try again in a minute.`,
          };
  }
  if (status === 400 && isUsageLimit(error)) return spendLimit(host, status);
  return notTheApi(host, `answers ${status} to a list of sessions`);
}

/** Until the month ends, or somebody raises it: trying again is useless. */
export const isSpendLimit = (error: InstanceType<typeof Anthropic.APIError>): boolean =>
  error.errorCode === "enforced_spend_limit_reached";

/** The customer's own limit comes as an ordinary 400, told apart by its words alone. */
export const isUsageLimit = (error: InstanceType<typeof Anthropic.APIError>): boolean =>
  error.type === "invalid_request_error" && /usage limits?/i.test(error.apiMessage ?? "");

const spendLimit = (host: string, status: number): Failure => ({
  reason: "spend_limit",
  message: `${host} refuses until the month ends, because a spend limit is reached (${status}). Raise the limit in the Console to go on sooner.`,
});

const notTheApi = (host: string, what: string): Failure => ({
  reason: "not_the_api",
  message: `${host} ${what}, so it is not the Managed Agents API. Check the base URL; it ends before /v1.`,
});
