import { prisma } from "@/lib/db/client";
import { AppError } from "@/lib/http/errors";
import { check } from "./condition";
import type { DueRule } from "./evaluation-store";
import { namesIn, readNames } from "./names-service";
import { observeAll } from "./observe-service";
import { refuseBad } from "./refusal-service";
import { judgedOf } from "./rule";
import { type NewRule, severityRank } from "./rule-schema";
import type { Preview } from "./rules-schema";
import type { Outcome } from "./schema";
import { conditionWords, unitOf } from "./words";

const MOST_SHOWN = 50;
const ORDER: Outcome["kind"][] = ["breach", "error", "ok", "low", "no_data", "ended"];

/** What a rule that is not saved yet would find at this instant. Throws `invalid` with what is wrong with it. */
export async function previewRule(
  workspace: string,
  rule: NewRule,
  now = new Date(),
): Promise<Preview> {
  await refuseBad(workspace, rule);
  const judged = judgedOf(rule);
  const row = draftOf(workspace, rule, judged.everyMs, now);
  const look = { row, rule: judged, tickMs: now.getTime(), lives: [] };
  const [found] = await observeAll(workspace, [look], { now, db: prisma });
  if (!found || "error" in found)
    throw new AppError("invalid", found?.error ?? "Nothing was found.");
  const outcomes = found.observed
    .map(({ labels, observation }) => ({
      labels,
      outcome: check(judged, observation, { open: false }),
    }))
    .sort((a, b) => worth(b.outcome) - worth(a.outcome));
  const shown = outcomes.slice(0, MOST_SHOWN);
  const names = await readNames(
    { workspace, scopes: [] },
    shown.map(({ labels }) => labels),
  );
  return {
    groups: outcomes.length,
    data: shown.map(({ labels, outcome }) => ({
      labels,
      names: namesIn(names, labels),
      state: outcome.kind === "ended" ? "ok" : outcome.kind,
      ...figuresOf(outcome),
    })),
    condition: conditionWords(rule),
    unit: unitOf(rule),
  };
}

function figuresOf(outcome: Outcome) {
  const value = "value" in outcome ? outcome.value : null;
  const numerator = ("numerator" in outcome ? outcome.numerator : undefined) ?? null;
  const denominator = ("denominator" in outcome ? outcome.denominator : undefined) ?? null;
  return {
    ...{ value, numerator, denominator },
    severity: outcome.kind === "breach" ? outcome.severity : null,
  };
}

const worth = (outcome: Outcome): number =>
  (ORDER.length - ORDER.indexOf(outcome.kind)) * 1e15 +
  (outcome.kind === "breach" ? severityRank(outcome.severity) * 1e14 : 0) +
  Math.min(1e13, Math.abs("value" in outcome ? (outcome.value ?? 0) : 0));

/** As it would be on its first tick. */
function draftOf(workspace: string, rule: NewRule, everyMs: number, now: Date): DueRule {
  const { name, kind } = rule;
  return {
    ...{ workspace, id: "", name, kind, rule, version: 1, paused: false, everyMs, offsetMs: 0 },
    ...{ cursor: null, dueAt: now, health: "unknown", healthText: null, healthSince: null },
    ...{ errors: 0, lagMs: null, evaluatedAt: null, createdAt: now, updatedAt: now },
    ...{ deletedAt: null, instances: [] },
  };
}
