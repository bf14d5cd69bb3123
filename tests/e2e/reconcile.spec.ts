import { eventObject, sessionObject } from "../support/platform/objects";
import { startPlatform } from "../support/platform/server";
import { type APIRequestContext, expect, type Page, test } from "./fenced";

// Long before the fleet of the other tests, whose figures must not change.
const DAY = "2026-03-02";
const RANGE = `from=${DAY}T00:00:00Z&to=2026-03-03T00:00:00Z`;
const DOLLAR = 500_000;

type Told = { input?: number; cents?: number };

/** A session of one request for a dollar, and what the platform told of it. */
function made(id: string, agent: string, told: Told | null) {
  const at = (second: number) => `${DAY}T10:00:0${second}Z`;
  const event = (name: string, second: number, type: string, more: object = {}) => ({
    session_id: id,
    event: { id: `${id}-${name}`, type, processed_at: at(second), ...more },
  });
  const counts = { output_tokens: 0, cache_read_input_tokens: 0 };
  const usage = {
    ...counts,
    input_tokens: told?.input ?? DOLLAR,
    cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
    active_seconds: 0,
    list_cost: { amount: String(told?.cents ?? 100), currency: "USD" },
  };
  const model_usage = { ...counts, input_tokens: DOLLAR, cache_creation_input_tokens: 0 };
  return {
    session: {
      id,
      type: "session",
      title: id.replaceAll("_", " "),
      created_at: at(0),
      agent: { id: `agent_${agent}`, name: agent, version: 1, model: { id: "claude-sonnet-5" } },
    },
    events: [
      event("run", 0, "session.status_running"),
      event("start", 1, "span.model_request_start"),
      event("end", 2, "span.model_request_end", {
        model_request_start_id: `${id}-start`,
        is_error: false,
        model_usage,
      }),
      ...(told === null ? [] : [event("usage", 8, "session.usage", { usage })]),
      event("idle", 9, "session.status_idle", { stop_reason: { type: "end_turn" } }),
    ],
  };
}

async function send(request: APIRequestContext, origin: string): Promise<void> {
  const sessions = [
    made("ledger_exact", "clerk", {}),
    made("ledger_price", "clerk", { cents: 60 }),
    made("ledger_thread", "foreman", { input: 2 * DOLLAR, cents: 190 }),
    made("ledger_untold", "foreman", null),
  ];
  const answer = await request.post("/api/v1/ingest", {
    headers: { origin },
    data: {
      sessions: sessions.map((item) => item.session),
      events: sessions.flatMap((item) => item.events),
    },
  });
  expect(await answer.json()).toMatchObject({ rejected: [] });
}

const table = (page: Page, name: string) => page.getByRole("table", { name });

test("the drift is told by cause and agent, and leads to the sessions behind it @phone", async ({
  page,
  baseURL,
}) => {
  await send(page.request, baseURL ?? "");
  await page.goto(`/costs/reconcile?${RANGE}`);
  await expect(page.getByRole("link", { name: /Computed cost \$4\.00/ })).toBeVisible();
  await expect(page.getByRole("link", { name: /List cost \$3\.50/ })).toBeVisible();
  await expect(page.getByRole("link", { name: /Drift \+\$0\.500/ })).toContainText("+14.3 %");
  await expect(page.getByRole("link", { name: /Within 1 cent 33\.3 %/ })).toBeVisible();
  await expect(page.getByText("1 settled session has no list cost")).toContainText(
    "came without any usage",
  );
  const causes = table(page, "Drift by cause");
  await expect(causes.getByRole("row").nth(1)).toContainText("Price");
  await expect(causes.getByRole("row").nth(2)).toContainText("Missing thread");
  await expect(table(page, "Drift by agent").getByRole("row").nth(1)).toContainText("clerk");
  await causes.getByRole("button", { name: "Missing thread" }).click();
  await expect(page).toHaveURL(/cause=missing_thread/);
  const worst = table(page, "Worst sessions");
  await expect(worst.getByRole("row")).toHaveCount(2);
  await page.getByRole("button", { name: /Remove the filter Cause/ }).click();
  await expect(worst.getByRole("row")).toHaveCount(4);
  await worst.getByRole("link", { name: "ledger price" }).click();
  await expect(page).toHaveURL(/\/sessions\/ledger_price\?.*tab=cost/);
  await expect(page.getByText(/a price that is not the platform's/).first()).toBeVisible();
});

test("tokens that differ are shown session by session, and the rows come as CSV", async ({
  page,
  baseURL,
}) => {
  await send(page.request, baseURL ?? "");
  await page.goto(`/costs/reconcile?${RANGE}`);
  const tokens = page.getByRole("region", { name: "Tokens" });
  await expect(tokens.getByRole("row", { name: /^Input/ })).toContainText("2,000,000");
  await tokens.getByRole("button", { name: "1 session differs" }).click();
  const worst = table(page, "Worst sessions");
  await expect(worst).toContainText("+500,000 input");
  await expect(worst).toContainText("cannot be read again");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "CSV" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe("reconcile.csv");
});

test("a range with nothing says what to do, and keeps its place in the navigation", async ({
  page,
}) => {
  await page.goto("/costs/reconcile?from=2026-01-05T00:00:00Z&to=2026-01-06T00:00:00Z");
  await expect(page.getByText("No session settled in this range")).toBeVisible();
  await expect(page.getByRole("link", { name: "Reconcile" })).toHaveAttribute(
    "aria-current",
    "page",
  );
  await page.getByRole("button", { name: "Show all time" }).click();
  await expect(page).toHaveURL(/range=all/);
  await expect(page.getByText("No session settled in this range")).toHaveCount(0);
});

test("what was billed stands beside, with what is nobody's, and differing lists were read again", async ({
  page,
  baseURL,
}) => {
  // History, its bill and the second reading come by the worker's own clock.
  test.slow();
  const platform = await startPlatform({ readsPerMinute: null });
  platform.billedShare = 0.9;
  const times = { created_at: "2026-10-05T10:00:00Z", updated_at: "2026-10-05T10:01:00Z" };
  const usage = { input_tokens: 1_234, list_cost: { amount: "187", currency: "USD" } };
  const id = "sesn_billed";
  platform.putSession(sessionObject(id, undefined, { ...times, title: "billed", usage }));
  for (const [type, second] of [
    ["session.status_running", 0],
    ["session.status_idle", 9],
  ] as const)
    platform.appendEvent(id, null, {
      ...eventObject(type, type, null, { stop_reason: { type: "end_turn" } }),
      processed_at: `2026-10-05T10:00:0${second}Z`,
    });
  platform.putSession(sessionObject(id, undefined, { ...times, title: "billed", usage }));
  platform.costRows.push({
    session_id: null,
    at: "2026-10-05T12:00:00Z",
    amount: 5,
    list_amount: 5,
  });
  const headers = { origin: baseURL ?? "" };
  const made = await page.request.post("/api/v1/connections", {
    headers,
    data: {
      name: "billing",
      base_url: platform.url,
      api_key: platform.apiKey,
      admin_key: platform.adminKey,
      reads_per_minute: 6_000,
    },
  });
  const connection = (await made.json()).id;
  await expect(async () => {
    // The report is read from the first session on: once more, when history is in.
    await page.request.patch(`/api/v1/connections/${connection}`, {
      headers,
      data: { admin_key: platform.adminKey },
    });
    const answer = await page.request.get("/api/v1/reconcile/billed");
    expect((await answer.json()).totals.billed_nanos).toBe(1_733_000_000);
  }).toPass({ intervals: [1_000], timeout: 40_000 });
  await expect(async () => {
    const answer = await page.request.get("/api/v1/reconcile?from=2026-10-05T00:00:00Z");
    expect((await answer.json()).relists.different).toBe(1);
  }).toPass({ intervals: [1_000], timeout: 40_000 });
  await page.goto("/costs/reconcile?from=2026-10-05T00:00:00Z&to=2026-10-06T00:00:00Z");
  const bill = page.getByRole("region", { name: "Billed" });
  await expect(bill.getByRole("row", { name: /^2026-10-05/ })).toContainText(
    "$1.73$1.921$1.68$0.050reported",
  );
  await expect(bill).toContainText("Unattributed: $0.050 of no session.");
  await expect(bill).toContainText(/billing: from 2026-10-05, reported until/);
  await expect(table(page, "Worst sessions").getByRole("row", { name: /billed/ })).toContainText(
    "$1.68",
  );
  await expect(page.getByRole("region", { name: "Tokens" })).toContainText(
    "1 read again, still different",
  );
  const gone = await page.request.delete(`/api/v1/connections/${connection}?data=purge`, {
    headers,
  });
  expect(gone.status()).toBe(204);
  await platform.close();
});
