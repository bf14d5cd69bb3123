import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "./fenced";

const SCREENS = [
  { path: "/", ready: "Needs attention" },
  { path: "/sessions", ready: "Sessions" },
  { path: "/costs?by=agent", ready: "Costs" },
  { path: "/failures?by=tool", ready: "Failures" },
  { path: "/failures?group=tool%09%09bash%09%09", ready: "Error group" },
  { path: "/costs/reconcile?range=all", ready: "Reconcile" },
  { path: "/costs/what-if?range=all&swap=*~claude-opus-5", ready: "Taken for granted" },
  { path: "/agents?range=7d", ready: "Agents" },
  { path: "/agents/agent_mara?range=7d", ready: "mara" },
  { path: "/fleet?range=7d", ready: "Fleet" },
  { path: "/alerts", ready: "Firing now" },
  { path: "/alerts/rules?ready=yes", ready: "Ready-made rules" },
  { path: "/alerts/rules/new", ready: "History" },
  { path: "/alerts/silences?silence=new", ready: "New silence" },
  { path: "/alerts/channels", ready: "Channels" },
  { path: "/import", ready: "Send and import data" },
  { path: "/settings/connections", ready: "Connections" },
  { path: "/settings/prices?add=claude-haiku-5-5", ready: "Own terms" },
  { path: "/settings/audit?range=all", ready: "Audit" },
  { path: "/settings/people", ready: "People" },
  { path: "/settings/keys", ready: "API keys" },
  { path: "/account", ready: "Your account" },
  { path: "/rejected", ready: "Rejected items" },
];
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Only what the theme decides is looked at again in the dark. */
const OF_THE_THEME = ["color-contrast", "link-in-text-block"];

async function expectAccessible(page: Page, rules?: string[]) {
  const builder = new AxeBuilder({ page });
  const { violations } = await (rules
    ? builder.withRules(rules)
    : builder.withTags(TAGS)
  ).analyze();
  const said = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join("\n")}`,
  );
  expect(said).toEqual([]);
}

const background = (page: Page) =>
  page.evaluate(() => getComputedStyle(document.body).backgroundColor);

test.describe("@phone", () => {
  for (const { path, ready } of SCREENS)
    test(`${path} meets WCAG 2.2 AA, light and dark, and fits its window`, async ({ page }) => {
      const complaints: string[] = [];
      page.on("console", (message) => {
        if (message.type() === "error") complaints.push(message.text());
      });
      await page.emulateMedia({ colorScheme: "light" });
      await page.goto(path);
      await expect(page.getByRole("heading", { name: ready }).first()).toBeVisible();
      await page.waitForLoadState("networkidle");
      await expectAccessible(page);
      const light = await background(page);
      await page.emulateMedia({ colorScheme: "dark" });
      await expect.poll(() => background(page)).not.toBe(light);
      await expectAccessible(page, OF_THE_THEME);
      const [inner, whole] = await page.evaluate(() => [
        document.documentElement.clientWidth,
        document.documentElement.scrollWidth,
      ]);
      expect(whole).toBeLessThanOrEqual(inner ?? 0);
      expect(complaints).toEqual([]);
    });
});

test("dialogs, menus and the preview meet it too", async ({ page }) => {
  await page.goto("/sessions");
  await expect(page.getByRole("table", { name: "Sessions" })).toBeVisible();
  await page.keyboard.press("j");
  await page.keyboard.press("Space");
  await expect(page.getByRole("complementary")).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog")).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /Time range/ }).click();
  await expectAccessible(page);
});

test.describe("signed out", () => {
  test.use({ storageState: { cookies: [], origins: [] } });
  test("the sign-in meets it", async ({ page }) => {
    await page.goto("/sign-in");
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
    await expectAccessible(page);
  });
});
