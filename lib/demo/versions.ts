import type { SessionAgent } from "@/lib/demo/schema";

export type CachePlan = "off" | "5m" | "1h" | "mixed";

/** How one version of an agent is set up and how it behaves. */
export interface VersionSpec {
  agent: string;
  version: number;
  /** Share of the simulated stretch after which it went live (below 0: before it), or the incident. */
  published: number | "bad_deploy" | "rollback";
  model: SessionAgent["model"];
  /** Share of sessions that end badly. */
  failureRate: number;
  /** Multiplier on the tools' own error rates. */
  toolErrors: number;
  /** Median model requests a turn. */
  requests: number;
  /** Median output tokens a request. */
  outputTokens: number;
  /** Tokens of system prompt and tool definitions. */
  prefixTokens: number;
  cache: CachePlan;
  tools: readonly string[];
  /** What its prompt says beside its agent's. */
  prompt: readonly string[];
}

const MODELS: Record<string, SessionAgent["model"]> = {
  haiku: { id: "claude-haiku-5-5" },
  "haiku-old": { id: "claude-haiku-4-5" },
  sonnet: { id: "claude-sonnet-5-5", effort: { type: "medium" } },
  "sonnet-low": { id: "claude-sonnet-5-5", effort: { type: "low" } },
  "sonnet-us": { id: "claude-sonnet-5-5", inference_geo: "us" },
  "sonnet-old-us": { id: "claude-sonnet-5", inference_geo: "us" },
  opus: { id: "claude-opus-5-5", effort: { type: "high" } },
  "opus-fast": { id: "claude-opus-5-5", speed: "fast" },
  "opus-old": { id: "claude-opus-5" },
  "sonnet-retiring": { id: "claude-sonnet-4-5" },
};

// agent, version, published, model, failure rate, tool errors, requests, output, prefix, cache, tools
const TABLE = `
triage   11 -0.6       haiku-old     0.020 1   4  210 4300 5m    lookup_customer zendesk.search_tickets zendesk.update_ticket create_ticket
triage   12 0.35       sonnet-low    0.016 1   4  230 4700 5m    lookup_customer zendesk.search_tickets zendesk.update_ticket create_ticket zendesk.issue_refund
triage   13 bad_deploy sonnet-low    0.340 5   6  260 5900 off   lookup_customer zendesk.search_tickets zendesk.update_ticket create_ticket zendesk.issue_refund
triage   14 rollback   sonnet-low    0.016 1   4  230 4800 5m    lookup_customer zendesk.search_tickets zendesk.update_ticket create_ticket zendesk.issue_refund
review   5  -0.4       sonnet        0.020 1   6  330 6800 5m    github.get_pull_request github.list_changed_files read grep github.create_review_comment github.merge_pull_request
review   6  0.62       opus          0.075 2.6 9  520 9900 5m    github.get_pull_request github.list_changed_files read grep bash github.create_review_comment github.merge_pull_request
invoice  2  -0.5       sonnet-old-us 0.022 1   5  190 3900 1h    fetch_invoice match_purchase_order post_payment
invoice  3  0.5        sonnet-us     0.020 1   5  180 4100 1h    fetch_invoice match_purchase_order post_payment slack.post_message
analyst  7  -0.3       opus          0.024 1   6  420 7400 mixed warehouse.describe_table warehouse.run_query write slack.post_message
analyst  8  0.7        sonnet        0.024 1.2 7  400 7900 mixed warehouse.describe_table warehouse.run_query write bash
scanner  3  -0.2       sonnet        0.025 1   12 300 8200 5m    read grep glob bash:auto
scanner  4  0.8        sonnet        0.030 0.8 11 310 8600 5m    read grep glob bash:auto web_search
release  1  -0.8       opus          0.035 1   3  380 5200 5m    read grep
release  2  0.45       opus          0.030 1   3  360 5500 5m    read grep slack.post_message
research 4  -0.1       opus-old      0.024 1   6  480 5100 5m    web_search web_fetch write
research 5  0.55       opus-fast     0.024 1   6  460 5300 5m    web_search web_fetch write
deploy   9  -0.3       sonnet        0.024 1.2 5  240 4400 5m    bash:always_ask read cluster.deploy_service
deploy   10 0.66       sonnet        0.025 1   5  240 4600 mixed bash:auto cluster.deploy_service slack.post_message
notes    3  -0.8       sonnet        0     1   3  340 3600 5m    read grep bash
tests    2  -0.8       haiku-old     0     1.5 4  220 3100 5m    bash:always_ask read
bugs     1  -0.8       sonnet-retiring 0   1   2  260 2800 off   zendesk.search_tickets lookup_customer
`;

const REFUNDS = "Refunds below 20 EUR you may give yourself.";
const PROMPTS: Record<string, readonly string[]> = {
  "triage 12": [REFUNDS],
  "triage 13": [REFUNDS, "If a tool fails, call it again until it answers."],
  "triage 14": [REFUNDS, "If a tool fails twice, say so and stop."],
  "review 6": ["Run the tests of what was changed before you comment."],
  "analyst 8": ["Keep what you found in a file."],
  "scanner 4": ["Look up whether a vulnerability is known before you report it."],
};

export const VERSIONS: readonly VersionSpec[] = TABLE.trim().split("\n").map(versionOf);

function versionOf(line: string): VersionSpec {
  const [agent, version, published, model, ...rest] = line.split(/\s+/);
  const [failureRate, toolErrors, requests, outputTokens, prefixTokens] = rest.map(Number);
  return {
    agent: agent ?? "",
    version: Number(version),
    published:
      published === "bad_deploy" || published === "rollback" ? published : Number(published),
    model: MODELS[model ?? ""] ?? { id: model ?? "" },
    failureRate: failureRate ?? 0,
    toolErrors: toolErrors ?? 1,
    requests: requests ?? 1,
    outputTokens: outputTokens ?? 1,
    prefixTokens: prefixTokens ?? 1,
    cache: cachePlanOf(rest[5]),
    tools: rest.slice(6),
    prompt: PROMPTS[`${agent} ${version}`] ?? [],
  };
}

function cachePlanOf(text: string | undefined): CachePlan {
  return text === "5m" || text === "1h" || text === "mixed" ? text : "off";
}
