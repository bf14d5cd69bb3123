import { type APIRequestContext, expect, type Page, test } from "./fenced";
import { FLEET_SIZE } from "./fleet-fixtures";

const panel = (page: Page, name: string) => page.getByRole("region", { name, exact: true });
const table = (page: Page) => page.getByRole("table", { name: /^Failures by/ });
const row = (page: Page, name: string) =>
  table(page).getByRole("row", { name: new RegExp(`^${name}`) });

/** Two sessions of an agent of one test's own that failed an hour and a minute ago. */
async function sendFailing(request: APIRequestContext, origin: string, agent: string) {
  const events = [60, 1].flatMap((minutesAgo, index) => {
    const id = `sesn_${agent}${index}`;
    const event = (name: string, ms: number, type: string, more = {}) => {
      const processed_at = new Date(Date.now() - minutesAgo * 60_000 + ms).toISOString();
      return { session_id: id, event: { id: `${id}-${name}`, type, processed_at, ...more } };
    };
    const use = { name: "read_rows", input: {}, mcp_server_name: `db-${agent}` };
    const text = `relation "${agent}_${index}" does not exist at character ${index + 7}`;
    const error = { type: "model_overloaded_error", message: "Overloaded" };
    return [
      event("run", 0, "session.status_running"),
      event("use", 10, "agent.mcp_tool_use", use),
      event("result", 400, "agent.mcp_tool_result", {
        ...{ mcp_tool_use_id: `${id}-use`, is_error: true },
        content: [{ type: "text", text }],
      }),
      event("error", 500, "session.error", {
        error: { ...error, retry_status: { type: "retrying" } },
      }),
      event("idle", 900, "session.status_idle", {
        stop_reason: { type: index === 0 ? "refusal" : "end_turn" },
      }),
    ];
  });
  const sessions = [0, 1].map((index) => ({
    ...{ id: `sesn_${agent}${index}`, type: "session", title: `Rows ${index}` },
    // Before the range: where nothing was, nothing is new.
    created_at: new Date(Date.now() - 3 * 86_400_000).toISOString(),
    agent: { id: agent, name: agent, version: 4, model: { id: "claude-haiku-4-5" } },
  }));
  const answer = await request.post("/api/v1/ingest", {
    headers: { origin },
    data: { sessions, events },
  });
  expect(await answer.json()).toMatchObject({ rejected: [] });
}

test("a rate never stands without what it is of", async ({ page }) => {
  await page.goto("/failures?agent=agent_mara&agent=agent_otto");
  const failed = FLEET_SIZE / 3;
  const card = page.getByRole("link", { name: /^Failure rate/ });
  await expect(card).toContainText(new RegExp(`${failed} of 1\\d\\d; 95 % interval`));
  const trend = panel(page, "Failure rate");
  await expect(trend.getByRole("list", { name: "Legend" })).toContainText(`Failed${failed}`);
  await trend.getByRole("button", { name: "Table" }).click();
  const whole = trend.getByRole("row", { name: /^Whole range/ });
  await expect(whole.getByRole("cell", { name: `${failed}`, exact: true })).toBeVisible();
  await expect(whole).toContainText(/\d % – \d/);
  await trend.getByRole("row").nth(2).getByRole("link").click();
  await expect(page).toHaveURL(/\/sessions\?.*failed=true/);
});

test("the rate stands by what it is divided by, with its interval", async ({ page }) => {
  await page.goto("/failures?agent=agent_mara&agent=agent_otto");
  await expect(row(page, "mara")).toContainText("100 %");
  await expect(row(page, "otto")).toContainText(/(?<!\d)0 %/);
  const by = page.getByLabel("By", { exact: true });
  for (const [dimension, first] of [
    ["model", "claude-haiku-4-5"],
    ["tool", "bash"],
    ["outcome", "Completed"],
    ["metadata.tenant", "acme"],
    ["agent_version", "mara v2"],
  ] as const) {
    await by.selectOption(dimension);
    await expect(page).toHaveURL(new RegExp(`by=${dimension}`));
    await expect(row(page, first)).toBeVisible();
  }
  await row(page, "mara v2").getByRole("link").click();
  await expect(page).toHaveURL(/agent=agent_mara&agent_version=2&by=settled&failed=true/);
});

test("errors that say the same are one group, which opens beside the list", async ({
  page,
  baseURL,
}) => {
  await sendFailing(page.request, baseURL ?? "", "agent_gina");
  await page.goto("/failures?agent=agent_gina");
  const groups = panel(page, "Error groups");
  await expect(groups).toContainText("2 groups, 2 new");
  const name = "relation <value> does not exist at character <n>";
  await groups.getByRole("button", { name }).press("Enter");
  await expect(page).toHaveURL(/group=tool%09/);
  const detail = panel(page, "Error group");
  await expect(detail).toContainText("2 times in 2 sessions");
  await expect(detail).toContainText("New: not seen before this range.");
  await expect(detail).toContainText(
    "Of the 2 sessions with it that completed or failed, 1 failed",
  );
  await expect(detail.getByRole("table", { name: "Errors by agent version" })).toContainText(
    "agent_gina v4",
  );
  const link = page.url();
  await detail.getByRole("link", { name: "Rows 1" }).click();
  await expect(page).toHaveURL(/\/sessions\/sesn_agent_gina1\?.*event=sesn_agent_gina1-result/);
  await page.goto(link);
  await expect(detail).toContainText("2 times in 2 sessions");
  await detail.getByRole("button", { name: "Close the error group" }).click();
  await expect(detail).toHaveCount(0);
  await expect(page).not.toHaveURL(/group=/);
});

test("instability, boards and refusals tell their own", async ({ page, baseURL }) => {
  await sendFailing(page.request, baseURL ?? "", "agent_hugo");
  await page.goto("/failures?agent=agent_hugo");
  await expect(page.getByRole("link", { name: /^Errors tried again/ })).toContainText("2");
  await expect(panel(page, "Instability").getByRole("list", { name: "Legend" })).toHaveText(
    /Errors tried again2/,
  );
  await expect(
    panel(page, "Tools").getByRole("row", { name: /^read_rows 2 2 100 %/ }),
  ).toBeVisible();
  await expect(
    panel(page, "MCP servers").getByRole("row", { name: /^db-agent_hugo 2 2 100 %.* 2$/ }),
  ).toBeVisible();
  const refusals = panel(page, "Refusals");
  await expect(refusals).toContainText("1 of 2 completed or failed: 50 %");
  await refusals.getByRole("link", { name: "Rows 0" }).click();
  await expect(page).toHaveURL(/\/sessions\/sesn_agent_hugo0/);
});

test("what waits now is listed, the longest first, and leads to its session", async ({ page }) => {
  await page.goto("/failures?agent=agent_ines");
  const stuck = panel(page, "Stuck now");
  await expect(stuck).toContainText(/\d+ wait for somebody/);
  await expect(stuck).toContainText("waits for bash");
  await stuck.getByRole("listitem").first().getByRole("link").click();
  await expect(page).toHaveURL(/\/sessions\/sesn_fleet/);
});

test("drawing over the chart zooms, and nothing is said to be nothing", async ({ page }) => {
  await page.goto("/failures?agent=agent_mara");
  const box = await panel(page, "Failure rate").getByRole("figure").boundingBox();
  if (!box) throw new Error("the chart has no box");
  await page.mouse.move(box.x + box.width * 0.1, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, box.y + 60, { steps: 5 });
  await page.mouse.up();
  await expect(page).toHaveURL(/agent=agent_mara&from=.*&to=/);
  await page.goto("/failures?agent=nobody");
  await expect(page.getByText("Nothing settled that matches these filters")).toBeVisible();
  await page.getByRole("button", { name: "Clear filters" }).last().click();
  await expect(page.getByRole("link", { name: /^Failure rate/ })).toBeVisible();
});

test("the keyboard leads there", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByRole("region", { name: "Needs attention" })).toBeVisible();
  await expect(async () => {
    await page.keyboard.press("g");
    await page.keyboard.press("e");
    await expect(page).toHaveURL(/\/failures/, { timeout: 2000 });
  }).toPass();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Failures last 24 h");
});

test("a phone shows a group in the place of the list @phone", async ({ page, isMobile }) => {
  await page.goto("/failures?agent=agent_mara");
  const groups = panel(page, "Error groups");
  await groups.getByRole("button", { name: "bash, without a message" }).click();
  await expect(panel(page, "Error group")).toContainText(`${FLEET_SIZE / 3} times`);
  await expect(groups).toBeVisible({ visible: !isMobile });
  const [inner, whole] = await page.evaluate(() => [
    document.documentElement.clientWidth,
    document.documentElement.scrollWidth,
  ]);
  expect(whole).toBeLessThanOrEqual(inner ?? 0);
});
