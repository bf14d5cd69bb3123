import { expect, test } from "./fenced";

test("the overview says what needs somebody, and leads there", async ({ page }) => {
  await page.goto("/");
  const attention = page.getByRole("region", { name: "Needs attention" });
  await expect(attention.getByText(/mara v2 fails/)).toBeVisible();
  await expect(attention.getByText(/sessions wait for an answer/)).toBeVisible();
  await attention.getByRole("link", { name: "Answer" }).click();
  await expect(page).toHaveURL(/outcome=waiting/);
  await expect(page.getByRole("table", { name: "Sessions" })).toContainText("Waiting");
});

test("every figure has its comparison and opens its sessions", async ({ page }) => {
  await page.goto("/?range=7d");
  const rate = page.getByRole("link", { name: /Failure rate/ });
  await expect(rate).toContainText(/of \d+ settled/);
  await rate.click();
  await expect(page).toHaveURL(/\/sessions\?range=7d&failed=true&by=settled/);
});

test("a chart is read as a table, and drawing over it zooms", async ({ page }) => {
  await page.goto("/");
  const panel = page.getByRole("region", { name: "Sessions by outcome" });
  await panel.getByRole("button", { name: "Table" }).click();
  await expect(panel.getByRole("columnheader", { name: "Retries exhausted" })).toBeVisible();
  const heads = await panel.getByRole("columnheader").allTextContents();
  // The row's own head comes before its cells.
  const at = heads.findIndex((text) => text.includes("Retries exhausted")) - 1;
  const exhausted = panel
    .getByRole("row", { name: /Whole range/ })
    .getByRole("cell")
    .nth(at);
  // Eighty of the fleet's, and those of other journeys.
  await expect.poll(async () => Number(await exhausted.textContent())).toBeGreaterThanOrEqual(80);
  await panel.getByRole("button", { name: "Chart" }).click();
  const box = await panel.getByRole("figure").boundingBox();
  if (!box) throw new Error("the chart has no box");
  await page.mouse.move(box.x + box.width * 0.3, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, box.y + 60, { steps: 5 });
  await page.mouse.up();
  await expect(page).toHaveURL(/from=.*&to=/);
});

test("range, comparison and zone go from page to page", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("button", { name: /Time range/ }).click();
  await page.getByLabel("Compare with").selectOption("week");
  await page.getByLabel("Time zone").selectOption("Asia/Tokyo");
  await page.getByRole("button", { name: "Last 7 days" }).click();
  await expect(page).toHaveURL(/range=7d/);
  await page.getByRole("navigation").getByRole("link", { name: "Sessions" }).click();
  await expect(page).toHaveURL("/sessions?range=7d&compare=week&tz=Asia%2FTokyo");
});

test("keys go places, and can be switched off", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByRole("region", { name: "Needs attention" })).toBeVisible();
  await expect(async () => {
    await page.keyboard.press("g");
    await page.keyboard.press("s");
    await expect(page).toHaveURL(/\/sessions/, { timeout: 2000 });
  }).toPass();
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByPlaceholder("Find a session").fill("Fleet task 42");
  await expect(page.getByRole("option", { name: /Fleet task 42/ })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await help.getByLabel("Single-key shortcuts").uncheck();
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await expect(help).toHaveCount(0);
});

test("the theme is chosen and remembered", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("button", { name: "Account and display" }).click();
  await page.getByRole("button", { name: "Dark", exact: true }).click();
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});
