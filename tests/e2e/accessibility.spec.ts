import { codeOf } from "@/tests/support/authenticator";
import { expectAccessible } from "./accessible";
import { expect, type Page, test } from "./fenced";
import { inviteNewcomer, PASSWORD } from "./newcomer";

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

/** Only what the theme decides is looked at again in the dark. */
const OF_THE_THEME = ["color-contrast", "link-in-text-block"];

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

test("setting a second factor up, and signing in with it, meet it too", async ({
  browser,
  page: admin,
  baseURL,
}) => {
  const page = await inviteNewcomer({ browser, admin, baseURL }, { name: "Axel", role: "viewer" });
  await page.goto("/account");
  await page.getByRole("button", { name: "Set up" }).click();
  await page.getByLabel("Your password").fill(PASSWORD);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Continue" }).click();
  const key = await page.getByLabel("Key", { exact: true }).inputValue();
  await expectAccessible(page);
  await page.getByLabel("Code", { exact: true }).fill(codeOf(key.replaceAll(" ", "")));
  await page.getByRole("button", { name: "Switch on" }).click();
  await expect(page.getByRole("list", { name: "Backup codes" })).toBeVisible();
  await expectAccessible(page);
  await page.context().clearCookies();
  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill("axel@example.com");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  for (const path of ["/sign-in/code?error=code", "/sign-in/code?with=backup"]) {
    await page.goto(path);
    await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
    await expectAccessible(page);
    await page.emulateMedia({ colorScheme: "dark" });
    await expectAccessible(page, OF_THE_THEME);
    await page.emulateMedia({ colorScheme: "light" });
  }
  await page.context().close();
});

test.describe("signed out", () => {
  test.use({ storageState: { cookies: [], origins: [] } });
  test("the sign-in meets it", async ({ page }) => {
    await page.goto("/sign-in");
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
    await expectAccessible(page);
  });
});
