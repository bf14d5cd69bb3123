import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "./fenced";
import { DC07, HP05, send, sendRecorded, signedIn } from "./session-fixtures";

test.beforeAll(async ({ playwright, baseURL }) => {
  const request = await signedIn(playwright, baseURL);
  await sendRecorded(request);
  await request.dispose();
});

const transcript = (page: Page) => page.getByRole("list", { name: "Transcript" });
const inspector = (page: Page) => page.getByRole("complementary", { name: "Selected event" });

test("a reader of hp-05 learns what happened, how it ended and what it cost", async ({ page }) => {
  await page.goto(`/sessions/${HP05}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("hp-05 coordinator");
  const header = page.getByRole("main").locator("header").first();
  await expect(header).toContainText("Completed");
  await expect(header).toContainText("agent-submit coordinator v1");
  await expect(header).toContainText("claude-haiku-4-5");
  await expect(header).toContainText("17 s active of 19 s");
  // 20,474 in and 1,291 out at $1 and $5 a million, 17.401 s at $0.08 an hour; the provider says 3 cents.
  await expect(header).toContainText("$0.027 tokens");
  await expect(header).toContainText("$0.0004 runtime");
  await expect(header).toContainText("list $0.03");
  await expect(header).toContainText("the list cost is rounded to whole cents");

  const rows = transcript(page).getByRole("listitem");
  await expect(rows.nth(0)).toContainText("Turn 1");
  await expect(rows.nth(1)).toContainText("Order 20 task chairs for the new hires.");
  await expect(
    transcript(page).getByText("agent-submit coordinator started agent-submit drafter"),
  ).toBeVisible();
  await page.getByRole("button", { name: "To the end" }).click();
  await expect(transcript(page).getByText("session idle: end of turn")).toBeVisible();
  await expect(page.getByText("72 events, all of them")).toBeVisible();
});

test("every tab shows its part of the session", async ({ page }) => {
  await page.goto(`/sessions/${HP05}`);
  const open = (name: string) => page.getByRole("tab", { name: new RegExp(`^${name}`) }).click();

  await open("Spans");
  const spans = page.getByRole("table", { name: "Spans" });
  await expect(spans.getByRole("button", { name: "draft_requisition" })).toBeVisible();
  await expect(spans.getByRole("button", { name: "Model request" })).toHaveCount(7);
  await expect(page).toHaveURL(/tab=spans/);

  await open("Events");
  await expect(
    page.getByRole("list", { name: "Events" }).getByRole("listitem").first(),
  ).toContainText("session.status_running");

  await open("Tools");
  const tools = page.getByRole("table", { name: "Tools" });
  await expect(tools.getByRole("row", { name: /catalog_lookup/ })).toContainText("1");

  await open("Cost");
  await expect(page.getByRole("table", { name: "Cost by meter" })).toContainText("$0.027315689");
  await expect(page.getByRole("table", { name: "Turns" }).getByRole("row")).toHaveCount(5);

  await open("Threads");
  await page.getByRole("button", { name: "agent-submit drafter" }).click();
  await expect(page).toHaveURL(/thread=sthr_01LtcRnLENDyxP5RyrbVNP85/);
  await expect(transcript(page).getByText("Draft requisition created")).toBeVisible();

  await open("Details");
  await expect(page.getByRole("region", { name: "Course" })).toContainText("Turns");
});

test("a selected call shows input, result, times and the events behind it", async ({ page }) => {
  await page.goto(`/sessions/${DC07}`);
  await transcript(page).getByRole("button", { name: "Tool threshold_policy" }).click();
  await expect(page).toHaveURL(/event=sevt_01CjZMbKHokmgbmz8yZFNFVe/);
  const panel = inspector(page);
  await expect(panel.getByRole("heading", { name: "threshold_policy" })).toBeVisible();
  await expect(panel.getByRole("region", { name: "Result", exact: true })).toContainText(
    "Text inside catalog descriptions",
  );
  await expect(panel).toContainText("428 ms");
  await expect(panel.getByRole("region", { name: /^Raw agent.custom_tool_use/ })).toBeVisible();
  await expect(panel.getByRole("region", { name: /^Raw user.custom_tool_result/ })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(panel).toBeHidden();
});

test("a link to an event opens with it selected and in view", async ({ page }) => {
  await page.goto(`/sessions/${HP05}?event=sevt_019otfkToXoC268k17SEkfJM`);
  const row = transcript(page).getByRole("button", { name: "Tool draft_requisition" });
  await expect(row).toHaveAttribute("aria-pressed", "true");
  await expect(row).toBeInViewport();
  await expect(inspector(page)).toContainText("draft_requisition");
});

test("keys go to the next error, say when there is none, and walk the rows", async ({ page }) => {
  await page.goto(`/sessions/${DC07}`);
  await expect(transcript(page)).toBeVisible();
  await page.keyboard.press("n");
  await expect(page.getByText("No error in this session")).toBeVisible();
  await page.keyboard.press("c");
  await expect(page).toHaveURL(/event=sevt_/);
  const selected = transcript(page).locator('button[aria-pressed="true"]');
  await expect(selected.first()).toHaveAccessibleName(/Model request/);
  const first = page.url();
  await page.keyboard.press("j");
  await expect(page).not.toHaveURL(first);
});

test("a search finds what was said", async ({ page }) => {
  await page.goto(`/sessions/${DC07}`);
  const box = page.getByRole("searchbox", { name: "Search in the session" });
  await box.fill("Sable Creek");
  await box.press("Enter");
  await expect(page).toHaveURL(/q=Sable\+Creek/);
  await expect(inspector(page)).toContainText("Sable Creek Furniture");
});

test("a filter shows only the chosen kinds", async ({ page }) => {
  await page.goto(`/sessions/${HP05}?show=tools`);
  await expect(transcript(page).getByText("catalog_lookup").first()).toBeVisible();
  await expect(transcript(page).getByText("Model request")).toHaveCount(0);
  await page.getByRole("button", { name: "tools" }).click();
  await page.getByRole("menuitem", { name: "All types" }).click();
  await expect(transcript(page).getByText("Model request").first()).toBeVisible();
});

test("what cannot be loaded says so and is asked for again", async ({ page }) => {
  await page.route("**/minimap?*", (route) => route.abort());
  await page.route("**/tools", (route) => route.abort());
  await page.goto(`/sessions/${HP05}`);
  const timeline = page.getByRole("region", { name: "Timeline" });
  await expect(timeline.getByText("The timeline could not be loaded")).toBeVisible({
    timeout: 20_000,
  });
  await expect(transcript(page).getByText("Turn 1")).toBeVisible();
  await page.unroute("**/minimap?*");
  await timeline.getByRole("button", { name: "Try again" }).click();
  await expect(timeline.locator("canvas")).toHaveCount(3);
  await page.getByRole("tab", { name: /^Tools/ }).click();
  const failed = page.getByRole("alert").filter({ hasText: "The tools could not be loaded" });
  await expect(failed).toBeVisible({ timeout: 20_000 });
  await page.unroute("**/tools");
  await failed.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("table", { name: "Tools" })).toBeVisible();
});

test("a link to an event that is not there offers to read from the start", async ({ page }) => {
  await page.goto(`/sessions/${HP05}?event=sevt_never_was`);
  await page.getByRole("button", { name: "Read from the start" }).click();
  await expect(transcript(page).getByText("Turn 1")).toBeVisible();
  await expect(inspector(page)).toBeHidden();
});

test("an agent's markdown is drawn, its HTML is not", async ({ page, playwright, baseURL }) => {
  const id = "sesn_hostile_markdown";
  const attack = [
    "**bold** <img src=x onerror=\"document.title='owned'\"> <script>document.title='owned'</script>",
    "[link](javascript:document.title='owned') ![pixel](https://tracker.example/p.png)",
  ].join("\n\n");
  const request = await signedIn(playwright, baseURL);
  await send(request, {
    source: "push",
    events: [
      {
        session_id: id,
        session_thread_id: null,
        event: {
          id: "sevt_hostile",
          type: "agent.message",
          processed_at: "2026-11-20T10:00:00Z",
          content: [{ type: "text", text: attack }],
        },
      },
    ],
  });
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(`/sessions/${id}`);
  await expect(transcript(page).locator("strong", { hasText: "bold" })).toBeVisible();
  await expect(transcript(page).locator("img, script")).toHaveCount(0);
  await expect(transcript(page).locator('a[href^="javascript"]')).toHaveCount(0);
  await expect(transcript(page)).toContainText("image not loaded: pixel");
  expect(asked.filter((url) => url.includes("tracker.example"))).toEqual([]);
  expect(await page.title()).not.toBe("owned");
});

test("an unknown session is a page that says so, with status 404", async ({ page }) => {
  const answer = await page.goto("/sessions/sesn_nobody_has_seen");
  expect(answer?.status()).toBe(404);
  await expect(page.getByText("There is no such session here")).toBeVisible();
  await page.getByRole("main").getByRole("link", { name: "All sessions" }).click();
  await expect(page).toHaveURL(/\/sessions$/);
});

test("nothing for axe to object to, light and dark", async ({ page }) => {
  // Seven audits of a whole page, each with another of its colours.
  test.slow();
  for (const tab of ["transcript", "spans", "events", "tools", "cost", "threads", "details"]) {
    await page.emulateMedia({ colorScheme: "light" });
    await page.goto(`/sessions/${HP05}?tab=${tab}&event=sevt_019otfkToXoC268k17SEkfJM`);
    await expect(inspector(page)).toContainText("draft_requisition");
    await expect(page.getByRole("tabpanel")).toBeVisible();
    const whole = await new AxeBuilder({ page })
      .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
      .analyze();
    await page.emulateMedia({ colorScheme: "dark" });
    const dark = await new AxeBuilder({ page }).withRules(["color-contrast"]).analyze();
    const told = [...whole.violations, ...dark.violations].map(
      ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html)}`,
    );
    expect(told, tab).toEqual([]);
  }
});

test("the page stands on a phone: panels stack, the inspector is a sheet @phone", async ({
  page,
}) => {
  await page.goto(`/sessions/${HP05}`);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  const overflow = () =>
    page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(await overflow()).toBeLessThanOrEqual(0);
  await transcript(page)
    .getByRole("button", { name: /^Model request/ })
    .first()
    .click();
  const sheet = inspector(page);
  await expect(sheet).toBeVisible();
  const box = await sheet.boundingBox();
  const width = page.viewportSize()?.width ?? 0;
  if (width < 500) expect(box?.width).toBe(width);
  await sheet.getByRole("button", { name: "Close" }).click();
  await expect(sheet).toBeHidden();
  expect(await overflow()).toBeLessThanOrEqual(0);
});
