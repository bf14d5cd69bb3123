import { readFile } from "node:fs/promises";
import { codeOf } from "@/tests/support/authenticator";
import { expectAccessible } from "./accessible";
import { expect, type Page, test } from "./fenced";
import { inviteNewcomer, PASSWORD } from "./newcomer";

/** With the key on the screen; what the app shows now is used up by it. */
async function switchOn(page: Page): Promise<{ key: string; codes: string[] }> {
  await page.getByLabel("Your password").fill(PASSWORD);
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("img", { name: "QR code of the key" })).toBeVisible();
  const key = (await page.getByLabel("Key", { exact: true }).inputValue()).replaceAll(" ", "");
  await page.getByLabel("Code", { exact: true }).fill("000000");
  await page.getByRole("button", { name: "Switch on" }).click();
  await expect(page.getByText("this is not what the app shows now")).toBeVisible();
  await page.getByLabel("Code", { exact: true }).fill(codeOf(key));
  await page.getByRole("button", { name: "Switch on" }).click();
  const codes = page.getByRole("list", { name: "Backup codes" }).getByRole("listitem");
  await expect(codes).toHaveCount(10);
  return { key, codes: await codes.allTextContents() };
}

async function givePassword(page: Page, email: string) {
  await page.goto("/sign-in?next=/costs");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: "Enter a code" })).toBeVisible();
}

test("a second factor is set up, asked for at the sign-in, and reset by an admin", async ({
  page: admin,
  browser,
  baseURL,
}) => {
  const page = await inviteNewcomer({ browser, admin, baseURL }, { name: "Tilda", role: "viewer" });
  await page.goto("/account");
  await page.getByRole("button", { name: "Set up" }).click();
  const { key, codes } = await switchOn(page);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download" }).click();
  const file = await readFile(await (await download).path(), "utf8");
  for (const code of codes) expect(file).toContain(code);
  await page.getByRole("button", { name: "Done" }).click();
  await expect(page.getByText("10 backup codes left")).toBeVisible();

  await page.context().clearCookies();
  await givePassword(page, "tilda@example.com");
  await page.getByLabel("Code").fill("000000");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("This is not what the app shows now")).toBeVisible();
  await page.getByLabel("Code").fill(codeOf(key, 1));
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(/\/costs/);

  await page.context().clearCookies();
  await givePassword(page, "tilda@example.com");
  await page.getByRole("link", { name: "Use a backup code" }).click();
  await page.getByLabel("Backup code").fill(codes[0] ?? "");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(/\/costs/);
  await page.goto("/account");
  await expect(page.getByText("9 backup codes left")).toBeVisible();

  await admin.goto("/settings/people");
  const row = admin.getByRole("table", { name: "People" }).getByRole("row", { name: "Tilda" });
  await expect(row.getByText("on", { exact: true })).toBeVisible();
  await admin.getByRole("button", { name: "More about Tilda" }).click();
  await admin.getByRole("menuitem", { name: "Reset the second factor…" }).click();
  await admin.getByRole("dialog").getByRole("button", { name: "Reset" }).click();
  await expect(row.getByText("off", { exact: true })).toBeVisible();
  await page.reload();
  await expect(page.getByText("Whoever learns your password can sign in as you.")).toBeVisible();
  await page.context().close();
});

test("where it is required, it is set up before anything else", async ({
  page: admin,
  browser,
  baseURL,
}) => {
  await admin.goto("/settings/people");
  const choice = admin.getByRole("group", { name: "Required of" });
  await choice.getByRole("button", { name: "Admins" }).click();
  await expect(admin.getByText("Set up your own second factor first")).toBeVisible();

  // The admin of all these tests gets one for as long as it is required, without leaving the browser.
  const headers = { origin: baseURL ?? "" };
  const ask = (path: string, data: object) =>
    admin.request.post(`/api/v1/account/second-factor${path}`, { headers, data });
  const password = "violet anchor mosaic";
  const { key } = (await (await ask("", { password })).json()) as { key: string };
  expect((await ask("/confirmation", { code: codeOf(key) })).status()).toBe(200);
  await choice.getByRole("button", { name: "Admins" }).click();
  await expect(admin.getByText("Who is new sets it up first.")).toBeVisible();

  const page = await inviteNewcomer({ browser, admin, baseURL }, { name: "Runa", role: "admin" });
  await page.goto("/settings/keys");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Set up a second factor");
  await expectAccessible(page);
  await switchOn(page);
  await expectAccessible(page);
  await page.getByRole("link", { name: "Go on" }).click();
  await expect(page).toHaveURL(/\/settings\/keys/);
  await page.context().close();

  await choice.getByRole("button", { name: "Nobody" }).click();
  await expect(admin.getByText("Each decides for themselves")).toBeVisible();
  expect((await ask("/removal", { password })).status()).toBe(204);
});
