import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import { pool, prisma } from "@/lib/db/client";
import { acceptItems } from "@/lib/ingest/service";
import { startMaskingRun } from "@/lib/masking/runs-service";
import { DEFAULT_POLICY, type MaskingMode, type MaskingRule } from "@/lib/masking/schema";
import { savePolicy } from "@/lib/masking/store";
import { maskStored } from "@/lib/retention/masking-service";
import { truncateAll } from "@/tests/support/database";
import { eventSoup, objectSoup, type SoupItem } from "@/tests/support/event-soup";
import { toldApart, withSecrets } from "@/tests/support/masked-soup";
import { DC_07, HP_05, recordedItems } from "@/tests/support/recorded";
import { differences } from "@/tests/support/retention";
import { runs } from "@/tests/support/runs";

beforeAll(() => truncateAll());

const NOW = new Date("2026-11-20T12:00:00Z");
const RULES: MaskingRule[] = [
  { kind: "tool", name: "shell", tool: "bash", input: true, output: true },
  { kind: "metadata", name: "tenant", key: "tenant" },
  { kind: "pattern", name: "hello", pattern: "hello" },
  { kind: "path", name: "why", path: "$.explanation" },
];

const CELLS = "count, failed, denied, ms, nanos, input_tokens, output_tokens, cache_read_tokens";

/** All that says or counts anything; hashes name what came, and days and times when. */
const STORED = {
  // As `json`, which keeps what no text may hold.
  event: "select json_build_array(thread_id, id, type, at, rank, payload) as row from event t",
  span: "select to_jsonb(t) - '{workspace,day}'::text[] as row from span t",
  session: "select to_jsonb(t) - '{workspace,day}'::text[] as row from session t",
  thread:
    "select json_build_array(thread_id, agent_name, model, status, object) as row from thread t",
  message_text: "select to_jsonb(t) - '{workspace,day}'::text[] as row from message_text t",
  session_cell: `select to_jsonb(t) - '{workspace}'::text[] as row from session_cell t
    where (${CELLS}) <> (0, 0, 0, 0, 0, 0, 0, 0)`,
};

let workspaces = 0;

async function policyOf(workspace: string, revision: number, pushed_mode: MaskingMode) {
  const rules = pushed_mode === "full" ? [] : RULES;
  await savePolicy(workspace, { ...DEFAULT_POLICY, revision, pushed_mode, rules }, prisma);
}

/** Sends items in under the one mode, then masks what is stored by the other. */
async function stored(sessionId: string, items: readonly SoupItem[], modes: MaskingMode[]) {
  const workspace = `l${workspaces++}`;
  const [first = "full", ...later] = modes;
  await policyOf(workspace, 1, first);
  const raw = items.map((item, index) => ({ ...item, index, sessionId }));
  const origin = { workspace, connectionId: "", source: "push" as const };
  expect((await acceptItems(origin, raw, [], NOW)).rejected).toEqual([]);
  for (const mode of later) {
    await policyOf(workspace, 2, mode);
    await startMaskingRun(workspace, { kind: "run", revision: 2 }, { by: "test" });
    await maskStored(() => NOW);
    const { rows } = await pool().query(
      "select state, counts ->> 'kept' as kept from masking_run where workspace = $1",
      [workspace],
    );
    expect(rows).toEqual([{ state: "done", kept: "0" }]);
  }
  expect(await differences(workspace)).toEqual([]);
  const told: Record<string, unknown[]> = {};
  for (const [table, select] of Object.entries(STORED)) {
    const sql = `${select} ${select.includes("where") ? "and" : "where"} workspace = $1`;
    const { rows } = await pool().query(`select row::text as row from (${sql}) r order by 1`, [
      workspace,
    ]);
    told[table] = rows.map(({ row }) => row);
  }
  return told;
}

async function expectSame(sessionId: string, items: readonly SoupItem[], mode: MaskingMode) {
  const fromTheStart = await stored(sessionId, items, [mode]);
  expect(await stored(sessionId, items, ["full", mode])).toEqual(fromTheStart);
}

it.each(["masked", "metadata"] as const)(
  "arbitrary sessions masked afterwards are as if they had been from the start: %s",
  async (mode) => {
    await fc.assert(
      fc.asyncProperty(fc.tuple(eventSoup, objectSoup("sesn_soup")), ([events, objects]) =>
        expectSame("sesn_soup", toldApart([...events.map(withSecrets), ...objects]), mode),
      ),
      { numRuns: runs(20) },
    );
  },
  180_000,
);

it.each([HP_05, DC_07] as const)(
  "and so is the recorded session %s",
  async (id) => {
    for (const mode of ["masked", "metadata"] as const)
      await expectSame(id, recordedItems(id).map(withSecrets), mode);
  },
  60_000,
);
