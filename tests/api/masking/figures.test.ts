import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import { pool, prisma } from "@/lib/db/client";
import { acceptItems } from "@/lib/ingest/service";
import { verifyWorkspace } from "@/lib/ingest/verify-service";
import { DEFAULT_POLICY, MASKING_MODES, type MaskingMode } from "@/lib/masking/schema";
import { savePolicy } from "@/lib/masking/store";
import { truncateAll } from "@/tests/support/database";
import { eventSoup, objectSoup, type SoupItem } from "@/tests/support/event-soup";
import { toldApart, withSecrets } from "@/tests/support/masked-soup";
import { DC_07, HP_05, recordedItems } from "@/tests/support/recorded";
import { runs } from "@/tests/support/runs";

beforeAll(() => truncateAll());

const NOW = new Date("2026-11-20T12:00:00Z");
const SOUP = "sesn_soup";
let workspaces = 0;

/** All that is counted and told of a session, without the words in it. */
const FIGURES = {
  session: `to_jsonb(t) - '{workspace,day,title,config_hash,errors,outcome_detail}'::text[]
    || jsonb_build_object('detail', outcome_detail - '{message,reason,explanation,category}'::text[],
      'errors', (select jsonb_agg(e - 'last_message') from jsonb_array_elements(errors) e))`,
  span: `to_jsonb(t) - '{workspace,day,attributes}'::text[]
    || jsonb_build_object('attributes', attributes
      - '{_error,label,explanation,deny_message,phases,_start,_end}'::text[])`,
};

async function figuresIn(mode: MaskingMode, sessionId: string, items: readonly SoupItem[]) {
  const workspace = `m${workspaces++}`;
  await savePolicy(workspace, { ...DEFAULT_POLICY, revision: 1, pushed_mode: mode }, prisma);
  const raw = items.map((item, index) => ({ ...item, index, sessionId }));
  const origin = { workspace, connectionId: "", source: "push" as const };
  expect((await acceptItems(origin, raw, [], NOW)).rejected).toEqual([]);
  const told: Record<string, unknown[]> = {};
  for (const [table, figures] of Object.entries(FIGURES)) {
    const { rows } = await pool().query(
      `select (${figures})::text as row from "${table}" t where workspace = $1 order by 1`,
      [workspace],
    );
    told[table] = rows;
  }
  // Errors are told apart by what they say; how many there are of what, is not.
  const { rows } = await pool().query(
    `select minute, family, case when family = 'fault' then '' else key end as key, sum(count)::text as count,
      sum(ms)::text as ms, sum(nanos)::text as nanos, sum(input_tokens)::text as input,
      sum(output_tokens)::text as output, sum(cache_read_tokens)::text as read
     from session_cell where workspace = $1 group by 1, 2, 3 order by 1, 2, 3`,
    [workspace],
  );
  told.cells = rows;
  const differences: unknown[] = [];
  await verifyWorkspace(workspace, (difference) => differences.push(difference));
  expect(differences).toEqual([]);
  return told;
}

async function expectSame(sessionId: string, items: readonly SoupItem[]) {
  const full = await figuresIn("full", sessionId, items);
  for (const mode of MASKING_MODES)
    if (mode !== "full") expect(await figuresIn(mode, sessionId, items)).toEqual(full);
}

it("figures of arbitrary sessions are the same in every mode", async () => {
  await fc.assert(
    fc.asyncProperty(fc.tuple(eventSoup, objectSoup(SOUP)), ([events, objects]) =>
      expectSame(SOUP, toldApart([...events.map(withSecrets), ...objects])),
    ),
    { numRuns: runs(25) },
  );
}, 120_000);

it.each([HP_05, DC_07] as const)(
  "figures of the recorded session %s are the same in every mode",
  async (id) => {
    await expectSame(id, recordedItems(id).map(withSecrets));
  },
  60_000,
);
