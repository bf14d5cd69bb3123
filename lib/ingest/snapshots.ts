import { parseListCostCents } from "@/lib/costs/pricing";
import { cleanText } from "./canonical";
import { isObject, MAX_TOKENS } from "./normalize";
import type { EventRecord, JsonObject } from "./schema";
import { isNewer, type SessionFold, type Snapshot, type SnapshotMember } from "./state";

/** A `session.usage` event: cumulative, so each member's newest stands and nothing is summed. */
export function noteSnapshot(session: SessionFold, event: EventRecord): void {
  if (event.atUs === null || !isObject(event.payload.usage)) return;
  const members = snapshotMembers(event.payload.usage);
  mergeSnapshot(session.usage, members, event.atUs, event.id);
  if (event.payload.budget !== undefined)
    noteBudget(session, event.payload.budget, event.atUs, event.id);
}

/** `session.updated`: only what changed is on it. */
export function noteUpdate(session: SessionFold, event: EventRecord): void {
  if (event.atUs === null) return;
  const { payload, atUs: us, id } = event;
  const { changes } = session;
  if (typeof payload.title === "string" && isNewer(us, id, changes.title))
    changes.title = { us, tie: id, value: cleanText(payload.title) };
  if (isObject(payload.metadata) && isNewer(us, id, changes.metadata))
    changes.metadata = { us, tie: id, value: textMap(payload.metadata) };
  if (payload.budget !== undefined) noteBudget(session, payload.budget, us, id);
}

function noteBudget(session: SessionFold, budget: unknown, us: number, tie: string): void {
  if (isNewer(us, tie, session.changes.budget))
    session.changes.budget = { us, tie, value: budgetCents(budget) };
}

/** Whole cents of a session budget; null for none. */
export function budgetCents(budget: unknown): number | null {
  if (!isObject(budget) || !isObject(budget.max_list_cost)) return null;
  return parseListCostCents(budget.max_list_cost.amount);
}

/** The members a usage object holds, in our names; absent and null ones are left out, never zero. */
export function snapshotMembers(usage: JsonObject): { [member in SnapshotMember]?: number } {
  const members: { [member in SnapshotMember]?: number } = {};
  const put = (member: SnapshotMember, value: unknown) => {
    if (typeof value === "number" && value >= 0 && value <= MAX_TOKENS) members[member] = value;
  };
  put("input_tokens", usage.input_tokens);
  put("output_tokens", usage.output_tokens);
  put("cache_read_input_tokens", usage.cache_read_input_tokens);
  put("active_seconds", usage.active_seconds);
  if (isObject(usage.cache_creation)) {
    put("ephemeral_5m_input_tokens", usage.cache_creation.ephemeral_5m_input_tokens);
    put("ephemeral_1h_input_tokens", usage.cache_creation.ephemeral_1h_input_tokens);
  }
  if (isObject(usage.server_tool_use))
    put("web_search_requests", usage.server_tool_use.web_search_requests);
  if (isObject(usage.list_cost)) put("list_cost_cents", parseListCostCents(usage.list_cost.amount));
  return members;
}

export function mergeSnapshot(
  into: Snapshot,
  members: { [member in SnapshotMember]?: number },
  us: number,
  tie: string,
): void {
  for (const [name, value] of Object.entries(members)) {
    const member = name as SnapshotMember;
    if (value !== undefined && isNewer(us, tie, into[member])) into[member] = { us, tie, value };
  }
}

/** Metadata as the API has it, text to text; anything else is shown as its JSON. */
export function textMap(value: unknown): Record<string, string> {
  if (!isObject(value)) return {};
  const members = Object.entries(value).filter(([, member]) => member != null);
  return Object.fromEntries(
    members.map(([key, member]) => [
      cleanText(key),
      cleanText(typeof member === "string" ? member : JSON.stringify(member)),
    ]),
  );
}
