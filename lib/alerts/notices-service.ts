import type { Db } from "@/lib/db/client";
import { readAgentNames } from "@/lib/metrics/names-store";
import type { Notice } from "@/lib/notify/schema";
import { behindOf } from "./behind";
import type { Decided } from "./decision-store";
import { readCourse } from "./episode-store";
import { type Evidence, readEvidence } from "./evidence-service";
import { healthNotice, noticeOf } from "./notice";
import type { Run, Touched } from "./run";

const COURSE_TICKS = 60;
/** Of a storm of episodes only so many are looked into: the page of each still finds its sessions. */
const MOST_LOOKED_INTO = 50;

export type ToldOf = {
  notices: Notice[];
  evidence: { workspace: string; id: string; sessionIds: string[]; sessions: number }[];
};

/** What is to be told of these runs, by rule, and the sessions behind what opened. */
export async function noticesOf(
  workspace: string,
  runs: readonly Run[],
  db: Db,
): Promise<Map<string, ToldOf>> {
  const agents = runs.flatMap(({ touched }) =>
    [...touched.values()].flatMap(({ live }) => live.labels.agent ?? []),
  );
  const names =
    agents.length === 0 ? new Map<string, string>() : await readAgentNames(workspace, agents, db);
  const told = new Map<string, ToldOf>();
  let looked = 0;
  for (const run of runs) {
    const own: ToldOf = { notices: [], evidence: [] };
    told.set(run.row.id, own);
    for (const touched of run.touched.values()) {
      const found =
        looked++ < MOST_LOOKED_INTO ? await lookInto(workspace, run, touched, db) : null;
      if (found)
        own.evidence.push({
          ...{ workspace, id: touched.episode.id },
          ...{ sessionIds: found.ids, sessions: found.ids.length },
        });
      const course = looked <= MOST_LOOKED_INTO ? await courseOf(workspace, run, touched, db) : [];
      if (!run.row.rule.dry_run)
        own.notices.push(noticeFor(run, touched, { names, found, course }));
    }
  }
  return told;
}

/** From the first window of the episode to the present one. */
function lookInto(
  workspace: string,
  { row, rule }: Run,
  { live, episode, tickMs }: Touched,
  db: Db,
): Promise<Evidence> {
  const { delayMs, windowMs } = rule;
  const span = { fromMs: episode.openedMs - delayMs - windowMs, toMs: tickMs - delayMs };
  return readEvidence(workspace, behindOf(row.rule, live.labels), span, db);
}

type Course = [number, number | null][];

async function courseOf(
  workspace: string,
  run: Run,
  { live, tickMs }: Touched,
  db: Db,
): Promise<Course> {
  const { everyMs, id: ruleId } = run.row;
  const from = new Date(tickMs - COURSE_TICKS * everyMs);
  const { fingerprint } = live;
  const known = await readCourse(
    { workspace, ruleId, fingerprint },
    { from, to: new Date(tickMs) },
    db,
  );
  const course = known.map(({ tick, value }): Course[number] => [tick.getTime(), value]);
  for (const { tick, results } of run.evaluations) {
    const found = (results as Record<string, [string, number | null]>)[fingerprint];
    if (found) course.push([tick.getTime(), found[1]]);
  }
  return course.slice(-COURSE_TICKS);
}

type Looked = { names: Map<string, string>; found: Evidence | null; course: Course };

function noticeFor(run: Run, touched: Touched, { names, found, course }: Looked): Notice {
  const { row } = run;
  const { live, episode, closedMs, closeReason, tickMs } = touched;
  const { labels, value, numerator, denominator } = live;
  const instance = live.instance ?? {
    ...{ status: "inactive" as const, severity: episode.severity, flappingMs: null },
  };
  const agent = labels.agent ?? "";
  const name = names.get(agent);
  return noticeOf({
    rule: { id: row.id, version: row.version, written: row.rule },
    episode: { id: episode.id, openedMs: episode.openedMs, closedMs, closeReason },
    ...{ labels, names: name === undefined ? {} : { [agent]: name }, course },
    instance: { ...instance, severity: closedMs === null ? instance.severity : episode.severity },
    figures: { value, numerator, denominator },
    ...{ atMs: tickMs, late: run.late },
    sessions: found?.named ?? [],
    sessionCount: found?.ids.length ?? episode.sessions,
  });
}

/** How a rule fares after its ticks, and what its owner is told of it. */
export function healthOf(run: Run): { health: Decided["health"]; notice: Notice | null } {
  const { row, rule, errors, error, overflow, tickMs } = run;
  const failing = error !== null;
  const state = failing ? "error" : overflow > 0 ? "limited" : "ok";
  const text = failing
    ? error
    : overflow > 0
      ? `${overflow} label sets more than the ${rule.max_instances} it may have are not watched: narrow its filter, group it by less, or raise max_instances.`
      : null;
  const since = state === "ok" ? null : (row.healthSince ?? new Date(tickMs));
  const health = { state, text, since, errors };
  const written = { id: row.id, version: row.version, written: row.rule };
  const wasTold =
    row.health === "limited" || (row.health === "error" && row.errors >= rule.error_for);
  const isTold = state === "limited" || (failing && errors >= rule.error_for);
  const notice = (over: boolean, of: string) =>
    healthNotice(written, {
      ...{ text: of, over, atMs: tickMs },
      sinceMs: (over ? row.healthSince : since)?.getTime() ?? tickMs,
    });
  if (isTold && (!wasTold || row.health !== state))
    return { health, notice: notice(false, text ?? "") };
  if (!isTold && wasTold && state === "ok")
    return { health, notice: notice(true, row.healthText ?? "") };
  return { health, notice: null };
}
