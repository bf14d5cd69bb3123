import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import { pool, prisma } from "@/lib/db/client";
import type { JsonObject } from "@/lib/ingest/schema";
import { acceptItems } from "@/lib/ingest/service";
import { verifyWorkspace } from "@/lib/ingest/verify-service";
import { DEFAULT_POLICY, type MaskingRule } from "@/lib/masking/schema";
import { savePolicy } from "@/lib/masking/store";
import { truncateAll } from "@/tests/support/database";
import { type Arrival, arrivalOf, batchesOf, type SoupItem } from "@/tests/support/event-soup";
import { runs } from "@/tests/support/runs";
import { wholeDatabase } from "@/tests/support/stored-secrets";

beforeAll(() => truncateAll());

const NOW = new Date("2026-11-20T12:00:00Z");
/** What only a rule about a tool masks, and what another rule masks wherever it is. */
const SECRET = "hush-71-hush";
const KEY = "AKIAIOSFODNN7EXAMPLE";
const RULES: MaskingRule[] = [
  { kind: "tool", name: "crm", tool: "crm_*", input: true, output: true },
  { kind: "tool", name: "files", tool: "read_file", input: false, output: true },
];

const at = (n: number) => new Date(NOW.getTime() + n * 1_000).toISOString();
const event = (n: number, data: JsonObject, threadId: string | null = null): SoupItem => ({
  ...{ kind: "event", threadId },
  data: { id: `evt_${n}`, processed_at: at(n), ...data },
});

const FORMS = [
  { use: "agent.tool_use", result: "agent.tool_result", of: "tool_use_id" },
  { use: "agent.mcp_tool_use", result: "agent.mcp_tool_result", of: "mcp_tool_use_id" },
  { use: "agent.custom_tool_use", result: "user.custom_tool_result", of: "custom_tool_use_id" },
] as const;

const call = fc.record({
  tool: fc.constantFrom("crm_read", "read_file", "bash"),
  form: fc.constantFrom(...FORMS),
  thread: fc.constantFrom(null, "sthr_a"),
  isError: fc.boolean(),
  text: fc.constantFrom("plain", `key ${KEY}`, KEY, ""),
  shape: fc.constantFrom("blocks", "text", "empty", "none"),
});

type Call = typeof call extends fc.Arbitrary<infer T> ? T : never;

/** Only what a rule masks says the secret: wherever else it were, nobody would keep it from being stored. */
function contentOf({ tool, text, shape }: Call): unknown {
  const said = tool === "bash" ? text : `${text} ${SECRET}`;
  if (shape === "text") return said;
  if (shape === "empty") return [];
  return shape === "none" ? undefined : [{ type: "text", text: said }, { type: "image" }];
}

const session = (calls: readonly Call[]): SoupItem[] => [
  event(0, { type: "session.status_running" }),
  event(1, { type: "user.message", content: [{ type: "text", text: `use ${KEY}` }] }),
  ...calls.flatMap((one, n): SoupItem[] => {
    const { form, tool, thread, isError } = one;
    const [use, result] = [10 + n * 4, 12 + n * 4];
    return [
      event(use, { type: form.use, name: tool, input: { q: "Ada" } }, thread),
      event(use + 1, { type: "span.model_request_start" }, thread),
      event(
        result,
        {
          ...{ type: form.result, [form.of]: `evt_${use}`, is_error: isError },
          ...{ content: contentOf(one), note: `by ${KEY}` },
        },
        thread,
      ),
    ];
  }),
  event(90, { type: "session.status_idle", stop_reason: { type: "end_turn" } }),
];

const TABLES: Record<string, string> = {
  event: "to_jsonb(t) - '{workspace,day,received_at}'::text[]",
  span: "to_jsonb(t) - '{workspace,day}'::text[]",
  message_text: "to_jsonb(t) - '{workspace,day}'::text[]",
  session: "to_jsonb(t) - '{workspace,day}'::text[]",
  session_cell: "to_jsonb(t) - '{workspace}'::text[]",
  masked_count: "to_jsonb(t) - '{workspace,last_at}'::text[]",
  withheld_result: "to_jsonb(t)",
};

const NOTHING =
  /^\{"ms": 0, .*"count": 0, "nanos": 0, "denied": 0, "failed": 0, .*"observations": \[\]/;

let workspaces = 0;

/** Sends the batches one after the other; what is stored in the end, every byte of it. */
async function storedBy(batches: readonly (readonly SoupItem[])[], isLookedAt: boolean) {
  const workspace = `o${workspaces++}`;
  await savePolicy(workspace, { ...DEFAULT_POLICY, revision: 1, rules: RULES }, prisma);
  const origin = { workspace, connectionId: "", source: "push" as const };
  for (const batch of batches) {
    const raw = batch.map((item, index) => ({ ...item, index, sessionId: "s" }));
    const answer = await acceptItems(origin, raw, [], NOW);
    expect(answer.rejected).toEqual([]);
    expect(answer.accepted + answer.duplicates + answer.updated).toBe(batch.length);
    if (isLookedAt) expect(await wholeDatabase()).not.toContain(SECRET);
  }
  const stored: Record<string, unknown[]> = {};
  for (const [table, columns] of Object.entries(TABLES)) {
    const { rows } = await pool().query(
      `select (${columns})::text as row from "${table}" t where workspace = $1 order by 1`,
      [workspace],
    );
    // Cells of nothing may be left of what was taken back.
    stored[table] = rows.map(({ row }) => row).filter((row) => !NOTHING.test(row));
  }
  const differences: unknown[] = [];
  await verifyWorkspace(workspace, (difference) => differences.push(difference));
  expect(differences).toEqual([]);
  return stored;
}

/** Each once, cut anywhere: those that come again are counted again, as ever. */
const onlyOnce = ({ order, cuts }: Arrival): Arrival => ({ order, cuts, repeats: [], queued: [] });

it("what is stored does not depend on the order in which calls and results come", async () => {
  const sessions = fc
    .array(call, { minLength: 1, maxLength: 4 })
    .map(session)
    .chain((items) => fc.tuple(fc.constant(items), arrivalOf(items.length)));
  await fc.assert(
    fc.asyncProperty(sessions, async ([items, arrival]) => {
      const inOrder = await storedBy([items], false);
      expect(await storedBy(batchesOf(items, onlyOnce(arrival)), true)).toEqual(inOrder);
    }),
    { numRuns: runs(40) },
  );
}, 240_000);

it("nor on what comes twice, or without its time at first", async () => {
  const sessions = fc
    .array(call, { minLength: 1, maxLength: 3 })
    .map(session)
    .chain((items) => fc.tuple(fc.constant(items), arrivalOf(items.length)));
  await fc.assert(
    fc.asyncProperty(sessions, async ([items, arrival]) => {
      const { masked_count: _, ...inOrder } = await storedBy([items], false);
      const { masked_count: __, ...stored } = await storedBy(batchesOf(items, arrival), true);
      expect(stored).toEqual(inOrder);
    }),
    { numRuns: runs(25) },
  );
}, 240_000);
