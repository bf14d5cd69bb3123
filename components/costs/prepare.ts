import { RECONCILE_CAUSES } from "@/lib/costs/drift-causes";
import type { ReconcileFilter } from "@/lib/costs/reconcile-schema";
import { resolveRange, type Scope } from "@/lib/time/range";

type Read = (name: string) => string | null;
/** Which sessions behind the figures are listed, as it stands in the URL. */
export type Chosen = Pick<ReconcileFilter, "cause" | "agent" | "show">;

/** Reads the choice from URL parameters; what makes no sense is left out, so that no link is broken. */
export function parseChosen(read: Read): Chosen {
  const asked = read("cause");
  const cause = RECONCILE_CAUSES.find((known) => known === asked);
  const agent = read("agent");
  return {
    show: read("show") === "tokens" ? "tokens" : "drift",
    ...(cause ? { cause } : {}),
    ...(agent ? { agent } : {}),
  };
}

/** Names what the URL asks for. */
export function reconcileKey(scope: Scope, more: unknown): string {
  return JSON.stringify([scope.range, more]);
}

/** The API's parameters of a range; all time has no bounds. */
export function rangeParams(scope: Scope, nowMs: number): URLSearchParams {
  const params = new URLSearchParams();
  const span = resolveRange(scope.range, nowMs);
  if (span) {
    params.set("from", new Date(span.fromMs).toISOString());
    params.set("to", new Date(span.toMs).toISOString());
  }
  return params;
}

export function groupParams(scope: Scope, by: "cause" | "agent", nowMs: number): URLSearchParams {
  const params = rangeParams(scope, nowMs);
  params.set("by", by);
  return params;
}

export function chosenParams(scope: Scope, chosen: Chosen, nowMs: number): URLSearchParams {
  const params = rangeParams(scope, nowMs);
  for (const [name, value] of Object.entries(chosen)) if (value) params.set(name, value);
  return params;
}
