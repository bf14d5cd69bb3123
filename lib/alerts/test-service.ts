import { AppError } from "@/lib/http/errors";
import { readNewestNotice } from "@/lib/notify/notice-store";
import type { NoticeContent } from "@/lib/notify/schema";
import { testNotice } from "@/lib/notify/test-service";
import { noticeOf } from "./notice";
import { previewRule } from "./preview-service";
import { type RuleRow, readRule } from "./rule-store";
import type { RuleTest, RuleTestAnswer } from "./rules-schema";
import type { Labels, Severity } from "./schema";

/** What a test is made of where nothing has fired yet. */
const SAMPLE_MS = 720_000;

/** Of an alert that was, or would be. */
type Sample = {
  from: RuleTestAnswer["made_of"];
  labels: Labels;
  names: Labels;
  severity: Severity;
  openedMs: number;
  closedMs: number;
  figures: Pick<NoticeContent, "value" | "numerator" | "denominator">;
  behind: Pick<NoticeContent, "sessions" | "session_count" | "course">;
};

/**
 * Sends a rule's message at once, marked as a test, on the channels that its alerts are told on, and says what
 * each receiver answered. No alert, group or channel changes. Throws `not_found`.
 */
export async function testRule(
  { workspace, id }: { workspace: string; id: string },
  { status, escalation }: RuleTest,
  now = new Date(),
): Promise<RuleTestAnswer> {
  const row = await readRule(workspace, id);
  const sample = (await lastOf(row)) ?? (await presentOf(row, now)) ?? emptyOf(row, now);
  const isClosed = status === "closed";
  const { content } = noticeOf({
    rule: { id, version: row.version, written: row.rule },
    episode: {
      ...{ id: `test_${id}`, openedMs: sample.openedMs },
      closedMs: isClosed ? sample.closedMs : null,
      closeReason: isClosed ? "recovered" : null,
    },
    instance: { status: "firing", severity: sample.severity, flappingMs: null },
    ...{ labels: sample.labels, names: sample.names, figures: sample.figures, late: false },
    atMs: sample.closedMs,
    ...{ sessions: sample.behind.sessions, sessionCount: sample.behind.session_count },
    course: sample.behind.course,
  });
  const told = await testNotice(workspace, content, { escalation }, now);
  return { made_of: sample.from, labels: content.labels, names: sample.names, ...told };
}

/** Its newest episode, as it was last told. */
async function lastOf({ workspace, id }: RuleRow): Promise<Sample | null> {
  const content = await readNewestNotice(workspace, id);
  if (!content) return null;
  const { labels, names, severity, value, numerator, denominator } = content;
  const { sessions, session_count, course } = content;
  return {
    ...{ from: "episode", labels, names, severity },
    openedMs: Date.parse(content.opened_at),
    closedMs: Date.parse(content.closed_at ?? content.at),
    figures: { value, numerator, denominator },
    behind: { sessions, session_count, course },
  };
}

const NOTHING_BEHIND = { sessions: [], session_count: 0, course: [] };

/** The worst that it would find now; null where nothing can be found out. */
async function presentOf({ workspace, rule }: RuleRow, now: Date): Promise<Sample | null> {
  const preview = await previewRule(workspace, rule, now).catch((error: unknown) => {
    if (error instanceof AppError) return null;
    throw error;
  });
  const worst = preview?.data[0];
  if (!worst) return null;
  const { labels, names, value, numerator, denominator } = worst;
  return {
    ...{ ...emptyOf({ rule }, now), from: "now", labels, names },
    severity: worst.severity ?? rule.severity,
    figures: { value, numerator, denominator },
  };
}

const emptyOf = ({ rule }: Pick<RuleRow, "rule">, now: Date): Sample => ({
  ...{ from: "nothing", labels: {}, names: {}, severity: rule.severity },
  ...{ openedMs: now.getTime() - SAMPLE_MS, closedMs: now.getTime(), behind: NOTHING_BEHIND },
  figures: { value: null, numerator: null, denominator: null },
});
