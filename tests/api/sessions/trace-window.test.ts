import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import type { TraceQuery } from "@/lib/sessions/query-schema";
import type { SpanItem } from "@/lib/sessions/schema";
import { readTrace } from "@/lib/sessions/trace-store";
import { truncateAll } from "@/tests/support/database";
import type { SoupItem } from "@/tests/support/event-soup";
import { at, CHILD, event, inThread, running } from "@/tests/support/events";
import { runs } from "@/tests/support/runs";
import { storeItems } from "@/tests/support/stored";

const SECONDS = 1200;
/** Around the length from which a span counts as long, and far beyond; null never ends. */
const LENGTHS = [0, 1, 7, 59, 60, 61, 130, 600, null];
const KINDS: SpanItem["kind"][] = ["turn", "model_request", "tool"];

const work = fc.record({
  isTool: fc.boolean(),
  isChild: fc.boolean(),
  start: fc.nat(SECONDS),
  length: fc.constantFrom(...LENGTHS),
});
type Work = { isTool: boolean; isChild: boolean; start: number; length: number | null };

function eventsOf({ isTool, isChild, start, length }: Work, n: number): SoupItem[] {
  const id = `s${n}`;
  const items = isTool
    ? [event("agent.tool_use", start, { id, name: "bash", input: {} })]
    : [event("span.model_request_start", start, { id })];
  if (length !== null)
    items.push(
      isTool
        ? event("agent.tool_result", start + length, { id: `e${n}`, tool_use_id: id, content: [] })
        : event("span.model_request_end", start + length, {
            id: `e${n}`,
            model_request_start_id: id,
          }),
    );
  return isChild ? inThread(CHILD, ...items) : items;
}

/** Requests one after another, each of which calls as it ends, when the next begins. */
const chain = Array.from({ length: 40 }, (_, n) => ({ isChild: false, start: 30 * n })).flatMap(
  (one): Work[] => [
    { ...one, isTool: false, length: 30 },
    { ...one, isTool: true, start: one.start + 30, length: 7 },
  ],
);

const sessions = [
  ...fc.sample(fc.array(work, { minLength: 60, maxLength: 90 }), { numRuns: 3, seed: 7 }),
  chain,
].map((works, n) => ({ id: `sesn_window_${n}`, items: works.flatMap(eventsOf) }));

beforeAll(async () => {
  await truncateAll();
  for (const { id, items } of sessions) await storeItems(id, [running(0), ...items]);
});

async function read(id: string, query: Omit<TraceQuery, "limit" | "cursor">, limit = 2000) {
  const spans: SpanItem[] = [];
  let cursor: string | undefined;
  do {
    const page = await readTrace("default", { id }, { ...query, limit, cursor });
    spans.push(...page.data);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return spans;
}

const window = fc.record({
  from: fc.oneof(
    fc.nat(SECONDS),
    fc.nat(40).map((n) => 30 * n),
  ),
  length: fc.constantFrom(1, 40, 300),
  limit: fc.constantFrom(3, 20, 2000),
  kinds: fc.constantFrom<TraceQuery["kinds"][]>(undefined, ["tool"], KINDS),
});

/** Where a page begins with a request at whose start another's call stands. */
const AT_ONE_INSTANT: [typeof window extends fc.Arbitrary<infer T> ? T : never][] = [
  [{ from: 128, length: 40, limit: 2000, kinds: KINDS }],
  [{ from: 90, length: 300, limit: 3, kinds: undefined }],
];

test.each(sessions.map(({ id }) => id))(
  "any window holds what lies in it or reaches into it, each span with its own parent: %s",
  async (id) => {
    const whole = await read(id, {});
    expect(whole.some(({ parent_id }) => parent_id?.endsWith(":request"))).toBe(true);
    await fc.assert(
      fc.asyncProperty(window, async ({ from, length, limit, kinds }) => {
        const [first, last] = [at(from), at(from + length)];
        const us = (instant: string | null) => (instant === null ? null : Date.parse(instant));
        const expected = whole.filter(({ started_at, ended_at, kind }) => {
          const starts = us(started_at) ?? 0;
          const reaches = ended_at === null || (us(ended_at) ?? 0) >= Date.parse(first);
          const isWanted = kinds === undefined || kinds.includes(kind);
          return isWanted && starts < Date.parse(last) && reaches;
        });
        expect(await read(id, { from: first, to: last, kinds }, limit)).toEqual(expected);
      }),
      { numRuns: runs(60), examples: AT_ONE_INSTANT },
    );
  },
);
