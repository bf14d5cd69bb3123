import { beforeAll, expect, test } from "vitest";
import { GET } from "@/app/api/v1/metrics/route";
import { verifyWorkspace } from "@/lib/ingest/verify-service";
import type { MetricsAnswer } from "@/lib/metrics/query-schema";
import { addUp } from "@/lib/metrics/rollup-service";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { truncateAll } from "@/tests/support/database";
import { at, event, idle, requestEnd, result, running, session, use } from "@/tests/support/events";
import { storeItems } from "@/tests/support/stored";

let headers: { authorization: string };

/** Of a prompt what is read from the cache, written to it and neither, and the answer. */
const ended = (seconds: number, read: number, written: number, input: number, output: number) =>
  requestEnd(`r${seconds}`, seconds, [input, output, read, written]);
const content = (bytes: number) => [{ type: "text", text: "x".repeat(bytes - 27) }];

beforeAll(async () => {
  await truncateAll();
  headers = await bearer("read");
  await storeItems("sesn_A", [
    session(),
    running(0),
    ended(10, 0, 10_000, 0, 500),
    use("t1", 11),
    use("t2", 11, { id: "t2", name: "search" }),
    result("t1", 12, { content: content(3000) }),
    result("t2", 13, { content: content(1000) }),
    // 4,000 new tokens, at the end, not in the cache yet.
    ended(20, 10_000, 500, 4_000, 100),
  ]);
  await addUp(new Date(), 5);
  // The rest comes later, and in the next hour: the prompt is read whole, and then compacted.
  await storeItems("sesn_A", [
    ended(3700, 14_500, 100, 0, 50),
    event("agent.thread_context_compacted", 3800),
    ended(3810, 0, 0, 2_000, 10),
    idle(3820),
  ]);
});

async function read(metric: string) {
  const range = `from=${at(0)}&to=${at(7200)}&group_by=tool`;
  const { status, body } = await call(GET, `/x?metric=${metric}&${range}`, { headers });
  expect(status).toBe(200);
  const [answer] = (body as MetricsAnswer).results;
  return Object.fromEntries(
    (answer?.series ?? []).map(({ labels, points }) => [
      labels.tool,
      points.map(([, value]) => value),
    ]),
  );
}

// Of 14,600 tokens 3,000 and 1,000 are the tools', as many in proportion of 14,500 read and 100 written.
const READ = { bash: 2979, search: 993 };
const WRITTEN = { bash: 20, search: 6 };
// $2 plain, $2.50 written, $0.20 read a million: 2,000, 2,500 and 200 nano-dollars a token.
const later = (tool: "bash" | "search") => READ[tool] * 200 + WRITTEN[tool] * 2_500;
const FIRST = 10_000 * 2_500 + (10_000 * 200 + 500 * 2_500 + 4_000 * 2_000);
const LATER = 14_500 * 200 + 100 * 2_500 + 2_000 * 2_000;
test.each<[string, Record<string, number[]>]>([
  ["context_tokens", { "": [10_000, 2_000], bash: [3_000, 0], search: [1_000, 0] }],
  [
    "carried_tokens",
    {
      "": [10_000 + 10_500, 14_600 - 2_999 - 999 + 2_000],
      bash: [3_000, 2_999],
      search: [1_000, 999],
    },
  ],
  [
    "cost_of_context",
    {
      "": [FIRST - 8_000_000, LATER - later("bash") - later("search")],
      bash: [6_000_000, later("bash")],
      search: [2_000_000, later("search")],
    },
  ],
])("%s of a session made by hand, by tool and hour", async (metric, expected) => {
  expect(await read(metric)).toEqual(expected);
});

test("is what the events give", async () => {
  const found: unknown[] = [];
  await verifyWorkspace("default", (difference) => found.push(difference));
  expect(found).toEqual([]);
});
