import { expect, type Page, test } from "./fenced";
import { FLEET_SIZE } from "./fleet-fixtures";

const rows = (page: Page) =>
  page.getByRole("table", { name: "Sessions" }).locator("tbody tr[aria-rowindex]");
const one = "/sessions?agent=agent_mara";

test("filters narrow the list, say their counts, and stand in the URL", async ({ page }) => {
  await page.goto(one);
  await expect(page.getByText(`${FLEET_SIZE / 3} sessions`)).toBeVisible();
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await page.getByRole("button", { name: "Outcome" }).click();
  await page.getByRole("checkbox", { name: /Retries exhausted/ }).check();
  await expect(page).toHaveURL(/outcome=retries_exhausted/);
  await page.keyboard.press("Escape");
  await expect(rows(page).first()).toContainText("Retries exhausted");
  await expect(page.getByRole("button", { name: /Outcome Retries exhausted/ })).toBeVisible();

  await page.reload();
  await expect(rows(page).first()).toContainText("Retries exhausted");
  await page.getByRole("button", { name: "Clear filters" }).click();
  await expect(page).not.toHaveURL(/outcome|agent/);
});

test("a filter that nothing matches says so and can be cleared", async ({ page }) => {
  await page.goto("/sessions?q=nosuchwordanywhere");
  await expect(page.getByText("No session matches these filters")).toBeVisible();
  await page.getByRole("button", { name: "Clear filters" }).first().click();
  await expect(rows(page).first()).toBeVisible();
});

test("free text is asked for when the typing rests", async ({ page }) => {
  await page.goto("/sessions");
  await page.keyboard.press("/");
  await page.keyboard.type("Fleet task 17");
  await expect(page).toHaveURL(/q=Fleet/);
  await expect(rows(page).first()).toContainText("Fleet task 17");
});

test("nothing typed is lost while what was typed before is asked for", async ({ page }) => {
  await page.goto("/sessions");
  await page.keyboard.press("/");
  // Each letter is asked for, about when the next one comes.
  await page.keyboard.type("Fleet task 17", { delay: 310 });
  const box = page.getByRole("searchbox", { name: /^Search titles/ });
  await expect(box).toHaveValue("Fleet task 17");
  await expect(page).toHaveURL(/q=Fleet\+task\+17/);
  await expect(box).toHaveValue("Fleet task 17");
  await page.getByRole("button", { name: "Clear filters" }).first().click();
  await expect(box).toHaveValue("");
});

test("a header orders the whole list, both ways", async ({ page }) => {
  await page.goto(one);
  await page.getByRole("button", { name: "Tokens" }).click();
  await expect(page.getByRole("columnheader", { name: "Tokens" })).toHaveAttribute(
    "aria-sort",
    "descending",
  );
  await expect(rows(page).first()).toContainText("Fleet task 237");
  await page.getByRole("button", { name: "Tokens" }).click();
  await expect(page).toHaveURL(/sort=tokens&order=asc/);
  await expect(rows(page).first()).toContainText("Fleet task 0");
});

test("the keyboard walks, previews and opens rows", async ({ page }) => {
  await page.goto(`${one}&sort=tokens`);
  await expect(rows(page).first()).toContainText("Fleet task 237");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await expect(rows(page).nth(1).getByRole("link")).toBeFocused();
  await page.keyboard.press("Space");
  const preview = page.getByRole("complementary", { name: /Preview of Fleet task 234/ });
  await expect(preview).toBeVisible();
  await page.keyboard.press("k");
  await expect(
    page.getByRole("complementary", { name: /Preview of Fleet task 237/ }),
  ).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("complementary")).toHaveCount(0);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/sessions\/sesn_fleet0237/);
});

test("the list goes on to its end while it is scrolled, with few rows in the page", async ({
  page,
}) => {
  await page.goto("/sessions?range=24h&sort=tokens&order=asc");
  await expect(rows(page).first()).toBeVisible();
  const scroller = page.getByRole("table", { name: "Sessions" }).locator("xpath=..");
  await expect
    .poll(
      async () => {
        await scroller.evaluate((box) => box.scrollTo(0, box.scrollHeight));
        return page.getByText(`Fleet task ${FLEET_SIZE - 1}`).count();
      },
      { timeout: 30_000 },
    )
    .toBe(1);
  expect(await rows(page).count()).toBeLessThan(80);
});

test("a view is saved, opened and deleted", async ({ page }) => {
  await page.goto(`${one}&failed=true`);
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByLabel("Save what is shown as").fill("Mara's failures");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("button", { name: "Mara's failures", exact: true })).toBeVisible();
  await page.goto("/sessions");
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByRole("button", { name: "Mara's failures", exact: true }).click();
  await expect(page).toHaveURL(/agent=agent_mara&failed=true/);
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByRole("button", { name: "Delete the view Mara's failures" }).click();
  await expect(page.getByText("No saved views yet")).toBeVisible();
});

test("columns are chosen and remembered", async ({ page }) => {
  await page.goto(one);
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByRole("menuitemcheckbox", { name: "Model" }).click();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("columnheader", { name: "Model" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("columnheader", { name: "Model" })).toBeVisible();
});

test("the current filter is downloaded whole", async ({ page }) => {
  await page.goto(one);
  await page.getByRole("button", { name: "Export" }).click();
  const coming = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: /NDJSON/ }).click();
  const stream = await (await coming).createReadStream();
  let text = "";
  for await (const chunk of stream) text += chunk;
  const ids = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line).id);
  expect(new Set(ids).size).toBe(FLEET_SIZE / 3);
});

test("a new session waits behind a button instead of pushing rows away", async ({
  page,
  baseURL,
}) => {
  await page.goto(one);
  const first = await rows(page).first().textContent();
  const id = `sesn_new${Date.now()}`;
  const now = new Date().toISOString();
  const answer = await page.request.post("/api/v1/ingest", {
    headers: { origin: baseURL ?? "" },
    data: {
      sessions: [
        {
          id,
          type: "session",
          title: "Just come",
          created_at: now,
          agent: { id: "agent_mara", name: "mara", version: 2 },
        },
      ],
      events: [
        {
          session_id: id,
          event: { id: `${id}-1`, type: "session.status_running", processed_at: now },
        },
      ],
    },
  });
  expect(answer.status()).toBe(200);
  await expect(page.getByRole("button", { name: "1 new" })).toBeVisible({ timeout: 15_000 });
  expect(await rows(page).first().textContent()).toBe(first);
  await page.getByRole("button", { name: "1 new" }).click();
  await expect(rows(page).first()).toContainText("Just come");
});

test("a phone shows cards that open sessions @phone", async ({ page, isMobile }) => {
  test.skip(!isMobile);
  await page.goto(one);
  const list = page.getByRole("list", { name: "Sessions" });
  await expect(list.getByRole("link").first()).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await list.getByRole("link").first().click();
  await expect(page).toHaveURL(/\/sessions\/sesn_/);
});
