import type { Change, Run } from "@/lib/demo/run";
import type { SessionAgent, SessionObject } from "@/lib/demo/schema";

/** What a session's owner may change, as it stands at an instant. */
export interface Settings {
  title: string;
  metadata: Record<string, string>;
  budgetCents: number | null;
  agent: SessionAgent;
}

export function settingsAt(run: Run, us: number): Settings {
  const settings: Settings = {
    title: run.title,
    metadata: run.metadata,
    budgetCents: run.budgetCents,
    agent: run.version.sessionAgent,
  };
  for (const { atUs, ...changed } of run.changes) {
    if (atUs <= us) Object.assign(settings, changed);
  }
  return settings;
}

export function budgetObject(cents: number | null): SessionObject["budget"] {
  if (cents === null) return null;
  return { max_list_cost: { amount: String(cents), currency: "USD" }, type: "limit" };
}

/** One `session.updated` for every change that has happened; it names only what changed. */
export function emitChanges(run: Run): void {
  for (const change of run.changes) {
    if (change.atUs <= run.horizonUs) emitChange(run, change);
  }
}

function emitChange(run: Run, change: Change): void {
  const { primary } = run;
  primary.put(
    {
      ...(change.agent === undefined ? {} : { agent: change.agent }),
      ...(change.budgetCents === undefined ? {} : { budget: budgetObject(change.budgetCents) }),
      id: primary.id(),
      ...(change.metadata === undefined ? {} : { metadata: change.metadata }),
      processed_at: "",
      ...(change.title === undefined ? {} : { title: change.title }),
      type: "session.updated",
    },
    change.atUs,
  );
}
