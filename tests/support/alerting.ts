import { NewRule } from "@/lib/alerts/rule-schema";
import { createRule } from "@/lib/alerts/rule-service";
import type { RuleItem } from "@/lib/alerts/rules-schema";
import { evaluateDue } from "@/lib/alerts/service";
import { pool } from "@/lib/db/client";
import type { SoupItem } from "./event-soup";
import { at, idle, running, usAt } from "./events";
import { storeItems } from "./stored";

const caller = {
  workspace: "default",
  scopes: ["write" as const],
  via: "cookie" as const,
  keyId: null,
  person: null,
  pace: null,
  isHeld: false,
  breakGlass: null,
};

/** A rule as somebody saved it, `seconds` after the tests' start; what is left out has its default. */
export function saveRule(fields: Record<string, unknown>, seconds = 0): Promise<RuleItem> {
  return createRule(caller, NewRule.parse(fields), instant(seconds));
}

export const instant = (seconds: number): Date => new Date(usAt(seconds) / 1000);

/** A session of an agent that ran for so many seconds and settled at that instant. */
export async function settle(
  id: string,
  seconds: number,
  { failed = false, agent = "agent_a", ran = 1, metadata = {} }: Settled = {},
): Promise<void> {
  const data = {
    ...{ id, type: "session", created_at: at(seconds - ran), metadata },
    agent: { type: "agent", id: agent, name: agent, version: 1, model: { id: "claude-sonnet-5" } },
  };
  const items: SoupItem[] = [
    { kind: "session", threadId: null, data },
    running(seconds - ran),
    idle(seconds, failed ? "retries_exhausted" : "end_turn"),
  ];
  await storeItems(id, items);
}

type Settled = {
  failed?: boolean;
  agent?: string;
  ran?: number;
  metadata?: Record<string, string>;
};

/** Evaluates at each of these instants, as a worker would that wakes then. */
export async function evaluateAt(...seconds: number[]): Promise<void> {
  for (const each of seconds) await evaluateDue(instant(each));
}

/** How alerts stand: `{agent_a: "firing 0.5"}`, by what is left of their labels. */
export async function alertsNow(): Promise<Record<string, string>> {
  const { rows } = await pool().query(
    "select labels, status, value, severity from alert_instance where status <> 'inactive' order by fingerprint",
  );
  return Object.fromEntries(
    rows.map(({ labels, status, value, severity }) => [
      Object.values(labels).join(" ") || "all",
      `${status} ${severity} ${value === null ? "–" : Number(value.toPrecision(4))}`,
    ]),
  );
}

/** Transitions in their order: `agent_a pending→firing open`. */
export async function transitions(): Promise<string[]> {
  const { rows } = await pool().query(
    `select t.*, coalesce(e.labels, '{}') as labels from alert_transition t
     left join alert_episode e on e.workspace = t.workspace and e.id = t.episode_id
     order by tick, step, fingerprint`,
  );
  return rows.map(
    (row) =>
      `${(row.tick.getTime() - instant(0).getTime()) / 1000} ${row.from_status}→${row.to_status}${row.event ? ` ${row.event}` : ""}${row.reason ? ` ${row.reason}` : ""}`,
  );
}
