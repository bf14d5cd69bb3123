import { DAY_US, MILLI_US, SECOND_US } from "@/lib/demo/calendar";
import type { Lane } from "@/lib/demo/lane";
import { failedRequest, modelRequest, startRequest } from "@/lib/demo/model";
import type { ErrorType, RefusalCategory } from "@/lib/demo/plan";
import type { Run } from "@/lib/demo/run";
import type { DemoEvent } from "@/lib/demo/schema";

type SessionError = Extract<DemoEvent, { type: "session.error" }>["error"];
type Retry = SessionError["retry_status"]["type"];

const MESSAGES: Record<ErrorType, string> = {
  model_overloaded_error: "The model is overloaded. Please try again later.",
  model_rate_limited_error: "The organization's input tokens per minute are used up.",
  model_request_failed_error: "The model request failed: upstream connection reset.",
  mcp_connection_failed_error: "Could not connect to the MCP server: connect ETIMEDOUT.",
  mcp_authentication_failed_error: "The MCP server refused the credential: 401 invalid_token.",
  credential_host_unreachable_error: "The host of the credential could not be reached.",
  billing_error: "Your credit balance is too low to run this session.",
  tool_use_limit_reached_error: "The agent reached its limit of tool calls in one turn.",
  compaction_limit_reached_error: "The context could not be compacted any further.",
  repository_authentication_error: "The token for the repository was refused.",
  repository_forbidden_error: "The token has no access to the repository.",
  repository_not_found_error: "The repository does not exist.",
  repository_checkout_error: "The branch could not be checked out: pathspec did not match.",
  repository_clone_error: "Cloning the repository failed: early EOF.",
  unknown_error: "An unexpected error occurred.",
};

const REFUSALS: Record<string, string> = {
  cyber: "The request asks for a working exploit against a third party.",
  bio: "The request concerns dangerous biological agents.",
  general_harms: "The request could lead to serious harm.",
};

/** Which errors come with a model request that failed. */
function isModelError(type: ErrorType): boolean {
  return type.startsWith("model_");
}

export function emitError(run: Run, lane: Lane, type: ErrorType, retry: Retry): void {
  const shared = { message: MESSAGES[type], retry_status: { type: retry } };
  const server = run.version.threadAgent.mcp_servers[0]?.name ?? "zendesk";
  const error = ((): SessionError => {
    switch (type) {
      case "mcp_connection_failed_error":
      case "mcp_authentication_failed_error":
        return { ...shared, mcp_server_name: server, type };
      case "credential_host_unreachable_error":
        return {
          ...shared,
          credential_id: run.ids.id("vcred"),
          type,
          vault_id: run.ids.id("vlt"),
        };
      case "repository_authentication_error":
      case "repository_forbidden_error":
      case "repository_not_found_error":
      case "repository_checkout_error":
      case "repository_clone_error":
        return { ...shared, repository_url: repositoryUrl(run), type };
      default:
        return { ...shared, type };
    }
  })();
  lane.emit({ error, id: lane.id(), processed_at: "", type: "session.error" });
}

export function repositoryUrl(run: Run): string {
  return `https://github.com/example/${run.facts.repo}`;
}

export type PutOff = "never" | "briefly" | "beyond_the_end";

/** Errors the platform retries by itself; after the last it may put the session off for a while. */
export function getOver(run: Run, lane: Lane, errors: readonly ErrorType[], putOff: PutOff): void {
  const { random } = run;
  errors.forEach((type, attempt) => {
    if (isModelError(type)) failedRequest(run, lane);
    else lane.advance(random.logNormal(700 * MILLI_US, 0.6));
    emitError(run, lane, type, "retrying");
    lane.advance(random.logNormal(1.5 * SECOND_US, 0.3) * 2 ** Math.min(attempt, 4));
  });
  if (putOff === "never") return;
  lane.stop({ kind: "rescheduled" });
  lane.advance(putOff === "briefly" ? random.logNormal(22 * SECOND_US, 0.7) : 2 * DAY_US);
  lane.start();
  lane.advance(random.int(40_000, 90_000));
}

/** The turn dies after a few tries: the session is idle with `retries_exhausted`. */
export function exhaust(run: Run, lane: Lane, type: ErrorType): void {
  const tries = type === "tool_use_limit_reached_error" ? 0 : run.random.int(1, 3);
  getOver(run, lane, Array<ErrorType>(tries).fill(type), "never");
  if (isModelError(type)) failedRequest(run, lane);
  emitError(run, lane, type, "exhausted");
  lane.advance(run.random.int(60_000, 130_000));
  lane.stop({ kind: "idle", reason: { type: "retries_exhausted" }, details: null });
}

/** The session dies. */
export function die(run: Run, lane: Lane, type: ErrorType): void {
  lane.advance(run.random.logNormal(900 * MILLI_US, 0.6));
  emitError(run, lane, type, "terminal");
  lane.advance(run.random.int(60_000, 130_000));
  lane.stop({ kind: "terminated" });
}

export function refuse(run: Run, lane: Lane, category: RefusalCategory): void {
  modelRequest(run, lane, undefined, run.random.int(4, 30));
  lane.advance(run.random.int(60_000, 130_000));
  const explanation = category === null ? null : (REFUSALS[category] ?? REFUSALS.general_harms);
  lane.stop({
    kind: "idle",
    reason: { type: "refusal" },
    details: { category, explanation: explanation ?? null, type: "refusal" },
  });
}

/** A person stops the turn in the middle of a model request, which then has no end. */
export function interrupt(run: Run, lane: Lane): void {
  startRequest(lane);
  lane.advance(run.random.logNormal(2.5 * SECOND_US, 0.6));
  const sentUs = lane.clockUs;
  lane.advance(run.random.int(90_000, 900_000));
  const event = { id: lane.id(), processed_at: "", session_thread_id: null } as const;
  lane.emit({ ...event, type: "user.interrupt" }, { sentUs });
  lane.advance(run.random.int(20_000, 90_000));
  lane.stop({ kind: "idle", reason: { type: "end_turn" }, details: null });
}
