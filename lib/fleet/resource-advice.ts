import { formatPlural } from "@/lib/format";
import { advice, firstOf, IDLE_MS, idle, NEW_MS, olderThan } from "./advice";
import type { ResourceFacts } from "./facts";
import type { Advice } from "./schema";

export function resourceAdvice(resource: ResourceFacts, nowMs: number): Advice | null {
  const { kind, deployments, sessions, archivedAt } = resource;
  const word = kind === "vault" ? "vault" : "memory store";
  if (archivedAt !== null) {
    if (deployments > 0)
      return advice(
        "act",
        "archived_in_use",
        `It is archived, and ${formatPlural(deployments, "deployment")} still ${deployments === 1 ? "names it: its" : "name it: their"} runs fail.`,
      );
    return sessions > 0
      ? advice(
          "look",
          "archived_in_use",
          `It is archived, and ${formatPlural(sessions, "session")} of the range named it: give them another ${word}.`,
        )
      : null;
  }
  return firstOf(
    resource.lastUsedAt === null &&
      deployments === 0 &&
      olderThan(resource.createdAt, NEW_MS, nowMs)
      ? advice(
          "tidy",
          "never_used",
          `No session has ever named it: archive the ${word} if nobody means to.`,
        )
      : null,
    olderThan(resource.lastUsedAt, IDLE_MS, nowMs) && deployments === 0
      ? idle(resource.lastUsedAt, `archive the ${word} if it is done`, nowMs)
      : null,
  );
}
