import { groupKey, groupOfKey } from "@/lib/metrics/error-group";
import type { Cell } from "@/lib/metrics/schema";
import type { ErasureItem, ErasureReport } from "./erasure-schema";
import type { ErasureSubject } from "./subject-schema";

const MINUTE_MS = 60_000;
/** Cells that say what something cost; what a settled session cost in all is among them already. */
const COSTS = ["request", "runtime", "search"];
const TOKENS = [
  ...(["input_tokens", "cache_write_5m_tokens", "cache_write_1h_tokens"] as const),
  ...(["cache_read_tokens", "output_tokens"] as const),
];

export const NOTHING: ErasureReport = {
  ...{ sessions: 0, events: 0, spans: 0, threads: 0, rejected: 0 },
  ...{ webhooks: 0, messages: 0, audit: 0, other: 0, remains: [], written: [] },
};

/** In words that name nobody: this is kept. */
export const aboutOf = (subject: ErasureSubject): string =>
  subject.by === "sessions"
    ? `sessions by id: ${subject.session_ids.length}`
    : `sessions by a value of metadata.${subject.key}`;

/** What totals keep of an error: that it happened, and what kind it was, not what it said. */
export function namelessCell(cell: Cell): Cell {
  const group = cell.family === "fault" ? groupOfKey(cell.key) : null;
  return group ? { ...cell, key: groupKey({ ...group, message: "" }) } : cell;
}

/** What cells hold of money and tokens, by month. */
export function remainsIn(cells: Iterable<Cell>): ErasureReport["remains"] {
  const months = new Map<string, { cost_nanos: number; tokens: number }>();
  for (const { family, minute, measures } of cells) {
    if (!COSTS.includes(family)) continue;
    const month = new Date(minute * MINUTE_MS).toISOString().slice(0, 7);
    const sum = months.get(month) ?? { cost_nanos: 0, tokens: 0 };
    months.set(month, sum);
    sum.cost_nanos += measures.nanos ?? 0;
    for (const name of TOKENS) sum.tokens += measures[name] ?? 0;
  }
  return [...months].map(([month, sum]) => ({ month, ...sum }));
}

export function addReports(before: ErasureReport, more: Partial<ErasureReport>): ErasureReport {
  const { remains, written, ...counts } = { ...NOTHING, ...before };
  const sum = { ...counts };
  for (const name of Object.keys(counts) as (keyof typeof counts)[]) sum[name] += more[name] ?? 0;
  const months = new Map(remains.map((one) => [one.month, { ...one }]));
  for (const one of more.remains ?? []) {
    const month = months.get(one.month) ?? { month: one.month, cost_nanos: 0, tokens: 0 };
    months.set(one.month, month);
    month.cost_nanos += one.cost_nanos;
    month.tokens += one.tokens;
  }
  const sorted = [...months.values()].sort((a, b) => (a.month < b.month ? -1 : 1));
  return { ...sum, remains: sorted, written: writtenOf([...written, ...(more.written ?? [])]) };
}

const MOST_WRITTEN = 100;

/** Each once. */
function writtenOf(all: ErasureReport["written"]): ErasureReport["written"] {
  const found = new Map(all.map((one) => [`${one.what} ${one.id}`, one]));
  return [...found.values()].slice(0, MOST_WRITTEN);
}

type Row = {
  id: string;
  state: string;
  about: string;
  reason: string;
  askedBy: string;
  createdAt: Date;
  finishedAt: Date | null;
  sessions: number;
  report: unknown;
  problem: string | null;
};

const STATES = ["working", "settling", "done", "failed"] as const;

export const erasureItem = (row: Row): ErasureItem => ({
  ...{ id: row.id, about: row.about, reason: row.reason, asked_by: row.askedBy },
  state: STATES.find((state) => state === row.state) ?? "working",
  problem: row.problem,
  created_at: row.createdAt.toISOString(),
  finished_at: row.finishedAt?.toISOString() ?? null,
  sessions: row.sessions,
  report: addReports(row.report as ErasureReport, {}),
});

/** Of an error, what can be told without what it was about. */
export function problemOf(error: unknown): string {
  const code = Object(error).code;
  return typeof code === "string" && /^[A-Z0-9]{4,8}$/.test(code)
    ? `It could not be written (${code}); the server's log says more.`
    : "It ended with an error, which is in the server's log.";
}
