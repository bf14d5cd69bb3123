import { readFile } from "node:fs/promises";
import { expect, type Page, test } from "./fenced";
import { FLEET_SIZE } from "./fleet-fixtures";

/** One agent's sessions: other tests add none to it. */
const ines = "/costs?agent=agent_ines";
const table = (page: Page) => page.getByRole("table", { name: /^Cost by/ });
const row = (page: Page, name: string) =>
  table(page).getByRole("row", { name: new RegExp(`^${name}`) });
const dollars = (text: string | null) =>
  Number(/\$([\d.,]+)/.exec(text ?? "")?.[1]?.replace(",", ""));

test("the figures are the sums of the table, however it is divided", async ({ page }) => {
  await page.goto(ines);
  const total = page.getByRole("link", { name: /^Cost, computed/ });
  const cost = dollars(await total.textContent());
  expect(cost).toBeGreaterThan(0);
  const by = page.getByLabel("By", { exact: true });
  for (const dimension of [
    "agent",
    "agent_version",
    "model",
    "source",
    "metadata.tenant",
    "meter",
  ]) {
    await by.selectOption(dimension);
    await expect(table(page).getByRole("row", { name: "Sum" })).toContainText("100 %");
    await expect(table(page)).toHaveAccessibleName(
      `Cost by ${dimension.replace("metadata.", "").replace("_", " ")}`,
    );
    expect(dollars(await row(page, "Sum").getByRole("cell").first().textContent())).toBe(cost);
  }
});

test("why it changed is told part by part, from before to now", async ({ page, baseURL }) => {
  const HOUR = 3_600_000;
  // Haiku 4.5: a dollar for a million tokens of input. Twice as much in one turn as two days before.
  const session = (id: string, hoursAgo: number, input_tokens: number) => {
    const at = (ms: number) => new Date(Date.now() - hoursAgo * HOUR + ms).toISOString();
    const event = (name: string, ms: number, type: string, more = {}) => ({
      session_id: id,
      event: { id: `${id}-${name}`, type, processed_at: at(ms), ...more },
    });
    const agent = { type: "agent", id: "agent_change", name: "change", version: 1 };
    const object = { id, type: "session", created_at: at(0), status: "idle" };
    return {
      sessions: [{ ...object, agent: { ...agent, model: { id: "claude-haiku-4-5" } } }],
      events: [
        event("run", 0, "session.status_running"),
        event("start", 1, "span.model_request_start"),
        event("end", 2, "span.model_request_end", {
          model_request_start_id: `${id}-start`,
          model_usage: { input_tokens, output_tokens: 0 },
        }),
        event("idle", 3, "session.status_idle", { stop_reason: { type: "end_turn" } }),
      ],
    };
  };
  for (const one of [
    session("sesn_change_before", 30, 1_000_000),
    session("sesn_change_now", 6, 3_000_000),
  ]) {
    const answer = await page.request.post("/api/v1/ingest", {
      headers: { origin: baseURL ?? "" },
      data: { source: "push", ...one },
    });
    expect(await answer.json()).toMatchObject({ rejected: [] });
  }
  const change = page.getByRole("table", { name: /^What changed the cost/ });
  const part = (name: string) => change.getByRole("row", { name: new RegExp(`^${name}`) });
  await page.goto("/costs?agent=agent_change&range=24h");
  await expect(part("Before")).toContainText("$1.00");
  await expect(part("Sessions")).toContainText("$0");
  await expect(part("Tokens per turn")).toContainText("1M → 3M");
  await expect(part("Tokens per turn")).toContainText("+$2.00");
  await expect(part("Now")).toContainText("$3.00");
  await page.goto("/costs?agent=agent_change&range=24h&compare=none");
  await expect(page.getByRole("link", { name: /^Cost, computed/ })).toBeVisible();
  await expect(change).toHaveCount(0);
});

test("the fleet's tokens and sessions are all there", async ({ page }) => {
  await page.goto("/costs?by=agent&agent=agent_ines&agent=agent_mara&model=claude-haiku-4-5");
  await expect(row(page, "ines")).toBeVisible();
  // Of 240 sessions, the 80 of ines have 1,000 input tokens for each place in the fleet.
  const places = Array.from({ length: FLEET_SIZE }, (_, index) => index).filter(
    (index) => index % 3 === 1,
  );
  const tokens = places.reduce((sum, index) => sum + 1000 * (index + 1) + 50, 0);
  const started = `${FLEET_SIZE / 3}`;
  await expect(row(page, "ines")).toContainText(`${(tokens / 1_000_000).toPrecision(3)}M`);
  await expect(row(page, "ines").getByRole("cell", { name: started, exact: true })).toBeVisible();
  await page.getByLabel("By", { exact: true }).selectOption("bucket");
  await expect(page).toHaveURL(/by=bucket/);
  await expect(table(page).getByRole("row", { name: /^Input, not cached/ })).toBeVisible();
  await expect(page.getByText(/each token is in exactly one/)).toBeVisible();
});

test("tokens without a price are a figure of their own", async ({ page, baseURL }) => {
  const at = (ms: number) => new Date(Date.now() - 60_000 + ms).toISOString();
  const event = (id: string, ms: number, type: string, more = {}) => ({
    session_id: "sesn_unpriced",
    event: { id: `sesn_unpriced-${id}`, type, processed_at: at(ms), ...more },
  });
  const answer = await page.request.post("/api/v1/ingest", {
    headers: { origin: baseURL ?? "" },
    data: {
      sessions: [
        {
          id: "sesn_unpriced",
          type: "session",
          created_at: at(0),
          agent: { id: "agent_nova", name: "nova", version: 1, model: { id: "claude-unheard-of" } },
        },
      ],
      events: [
        event("run", 0, "session.status_running"),
        event("start", 10, "span.model_request_start"),
        event("end", 900, "span.model_request_end", {
          model_request_start_id: "sesn_unpriced-start",
          model_usage: { input_tokens: 41_000, output_tokens: 1000 },
        }),
        event("idle", 1000, "session.status_idle", { stop_reason: { type: "end_turn" } }),
      ],
    },
  });
  expect(answer.status()).toBe(200);
  await page.goto("/costs?agent=agent_nova&by=model");
  const unpriced = page.getByRole("region", { name: "Unpriced tokens" });
  await expect(unpriced).toContainText("42K");
  await expect(unpriced).toContainText("claude-unheard-of 42K");
  await expect(row(page, "claude-unheard-of")).toContainText("unpriced");
  await expect(row(page, "claude-unheard-of").getByRole("cell").first()).toHaveText("–");
  await unpriced.getByRole("link", { name: "Sessions" }).click();
  await expect(page).toHaveURL(/agent=agent_nova&model=claude-unheard-of/);
  await page.goto(ines);
  await expect(row(page, "Sum")).toBeVisible();
  await expect(unpriced).toHaveCount(0);
});

test("what has no model is explained", async ({ page }) => {
  await page.goto(`${ines}&by=model`);
  await expect(row(page, "claude-haiku-4-5")).toBeVisible();
  await expect(row(page, "No model").getByRole("link")).toHaveCount(0);
  await expect(page.getByText(/belong to sessions, not to a model/)).toBeVisible();
});

test("a row, a legend entry and a bucket lead to the sessions behind them", async ({ page }) => {
  await page.goto("/costs?by=agent&range=7d&metadata.tenant=acme");
  await row(page, "mara").getByRole("link").click();
  await expect(page).toHaveURL(
    "/sessions?range=7d&metadata.tenant=acme&agent=agent_mara&sort=cost",
  );
  await page.goBack();
  const chart = page.getByRole("region", { name: "Cost by agent" });
  await chart.getByRole("list", { name: "Legend" }).getByRole("link", { name: /otto/ }).click();
  await expect(page).toHaveURL(/agent=agent_otto&sort=cost|sort=cost&agent=agent_otto/);
  await page.goBack();
  await chart.getByRole("button", { name: "Table" }).click();
  await chart.getByRole("row").nth(2).getByRole("link").click();
  await expect(page).toHaveURL(/\/sessions\?.*sort=cost.*from=.*&to=/);
});

test("drawing over the chart zooms", async ({ page }) => {
  await page.goto(ines);
  const chart = page.getByRole("region", { name: "Cost by meter" });
  const box = await chart.getByRole("figure").boundingBox();
  if (!box) throw new Error("the chart has no box");
  await page.mouse.move(box.x + box.width * 0.1, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, box.y + 60, { steps: 5 });
  await page.mouse.up();
  await expect(page).toHaveURL(/agent=agent_ines&from=.*&to=/);
  await expect(page.getByRole("link", { name: /^Cost, computed/ })).toBeVisible();
});

test("a column orders the table, and the order is in the URL", async ({ page }) => {
  await page.goto("/costs?by=agent&metadata.tenant=acme");
  await page.getByRole("button", { name: "Agent", exact: true }).click();
  await expect(page).toHaveURL(/sort=name&order=asc/);
  const names = table(page).locator("tbody th");
  const head = page.getByRole("columnheader", { name: "Agent", exact: true });
  await expect(head).toHaveAttribute("aria-sort", "ascending");
  await expect(names.first()).toContainText("ines");
  await page.getByRole("button", { name: "Agent", exact: true }).press("Enter");
  await expect(names.first()).toContainText("otto");
  await expect(head).toHaveAttribute("aria-sort", "descending");
});

test("filters are chips, and what matches nothing says so", async ({ page }) => {
  await page.goto(ines);
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await page.getByRole("button", { name: "Outcome" }).click();
  await page.getByRole("checkbox", { name: /Completed/ }).check();
  await expect(page).toHaveURL(/outcome=completed/);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: /^Outcome Completed/ })).toBeVisible();
  await page.goto(`${ines}&model=no-such-model`);
  await expect(page.getByText("No cost matches these filters")).toBeVisible();
  await page.getByRole("button", { name: "Clear filters" }).last().click();
  await expect(page.getByRole("link", { name: /^Cost, computed/ })).toBeVisible();
});

test("the table is downloaded as it is shown", async ({ page }) => {
  await page.goto("/costs?by=agent&metadata.tenant=acme");
  await expect(row(page, "mara")).toBeVisible();
  const coming = page.waitForEvent("download");
  await page.getByRole("button", { name: "CSV" }).click();
  const download = await coming;
  expect(download.suggestedFilename()).toBe("costs-by-agent.csv");
  const lines = (await readFile(await download.path(), "utf8")).trim().split("\n");
  expect(lines[0]).toMatch(/^name,agent,cost_usd,tokens/);
  expect(lines).toHaveLength(4);
});

test("the keyboard leads there", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByRole("region", { name: "Needs attention" })).toBeVisible();
  await expect(async () => {
    await page.keyboard.press("g");
    await page.keyboard.press("c");
    await expect(page).toHaveURL(/\/costs/, { timeout: 2000 });
  }).toPass();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Costs last 24 h");
});

test("a phone shows the same within its width @phone", async ({ page }) => {
  await page.goto("/costs?by=agent");
  await expect(row(page, "mara")).toBeVisible();
  const [inner, whole] = await page.evaluate(() => [
    document.documentElement.clientWidth,
    document.documentElement.scrollWidth,
  ]);
  expect(whole).toBeLessThanOrEqual(inner ?? 0);
});

test("a budget is set, changed, deleted and brought back", async ({ page }) => {
  await page.goto("/costs?range=7d");
  const panel = page.getByRole("region", { name: "Budgets" });
  await panel.getByRole("button", { name: "New budget" }).click();
  const dialog = page.getByRole("dialog", { name: "New budget" });
  await dialog.getByLabel("Amount in US dollars").fill("none");
  await dialog.getByLabel("For", { exact: true }).selectOption("An agent");
  await dialog.getByRole("button", { name: "Set budget" }).click();
  await expect(dialog.getByText("An amount in US dollars, like 250 or 1,250.50.")).toBeVisible();
  await expect(dialog.getByText("Which one it is for.")).toBeVisible();
  await dialog.getByLabel("Amount in US dollars").fill("$250.50");
  await dialog.getByLabel("Which", { exact: true }).selectOption("agent_ines");
  await dialog.getByLabel("Name", { exact: true }).fill("Ines in November");
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  const row = panel.getByRole("listitem").filter({ hasText: "Ines in November" });
  await expect(row).toContainText("of $250.50");
  await row.getByRole("button", { name: "Edit Ines in November" }).click();
  const edit = page.getByRole("dialog", { name: "Edit Ines in November" });
  await expect(edit.getByLabel("Amount in US dollars")).toHaveValue("250.50");
  await edit.getByLabel("Amount in US dollars").fill("0.01");
  await edit.getByRole("button", { name: "Save" }).click();
  await expect(row).toContainText("of $0.01");
  await row.getByRole("button", { name: "Delete Ines in November" }).click();
  await expect(row).toBeHidden();
  await panel.getByRole("button", { name: "Undo" }).click();
  await expect(row).toBeVisible();
});

test("what if: another model, a scenario that is kept, and an estimate", async ({ page }) => {
  await page.goto("/costs?agent=agent_ines&range=7d");
  await page.getByRole("link", { name: "What if…" }).click();
  const table = page.getByRole("table", { name: /^Cost by meter/ });
  await expect(page.getByText("As it was: change the terms")).toBeVisible();
  const sum = table.getByRole("row", { name: "Sum" });
  const [before] = await sum.getByRole("cell").allTextContents();
  await page.getByRole("button", { name: "Swap a model" }).click();
  await page.getByLabel("Answers instead of every other model").selectOption("claude-opus-4-1");
  await expect(page.getByText(/ more, or .* a month of 30 days/)).toBeVisible();
  await expect(sum.getByRole("cell").first()).toHaveText(before ?? "");
  await expect(page.getByText("Another model reads and writes as many tokens")).toBeVisible();
  await page.getByRole("button", { name: "Scenarios" }).click();
  await page.getByLabel("Save what is shown as").fill("All with Opus");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("button", { name: "All with Opus", exact: true })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "As it was" }).click();
  await expect(page.getByText("As it was: change the terms")).toBeVisible();
  await page.getByRole("tab", { name: "Estimate" }).click();
  await page.getByLabel("Model", { exact: true }).selectOption("claude-haiku-4-5");
  await page.getByLabel("Sessions a day").fill("1000");
  await page.getByLabel("Minutes a session runs").fill("0");
  for (const name of ["Cache writes, 5 min", "Cache reads", "Output"])
    await page.getByLabel(name, { exact: true }).fill("0");
  // 10,000 tokens of a dollar a million.
  await expect(page.getByText("$300.00 a month, $0.010 a session.")).toBeVisible();
});
