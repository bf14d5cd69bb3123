import { AxeBuilder } from "@axe-core/playwright";
import { sessionObject } from "../support/platform/objects";
import type { Platform } from "../support/platform/platform";
import { startPlatform } from "../support/platform/server";
import { expect, type Page, test } from "./fenced";

const secretOf = (byte: number) => `whsec_${Buffer.alloc(32, byte).toString("base64")}`;
const hintOf = (byte: number) => `…${secretOf(byte).slice(-4)}`;

let platform: Platform;
test.beforeEach(async () => {
  platform = await startPlatform({ readsPerMinute: null, webhookBackoffMs: 50 });
});
test.afterEach(() => platform.close());

async function expectAccessible(page: Page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
}

async function connect(page: Page, name: string) {
  await page.goto("/settings");
  await expect(page).toHaveURL("/settings/connections");
  await page.getByRole("button", { name: "New connection" }).click();
  const form = page.getByRole("region", { name: "New connection" });
  await form.getByLabel("API key").fill(platform.apiKey);
  await form.getByLabel("Name").fill(name);
  await form.getByLabel("Address").fill(platform.url);
  await form.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
}

test("a connection is made, watched, changed, tested, paused and removed @phone", async ({
  page,
}) => {
  test.slow();
  for (const id of ["sesn_conn_a", "sesn_conn_b", "sesn_conn_c"])
    platform.load({ sessions: [sessionObject(id)] });
  const name = `journey ${Date.now()}`;
  await connect(page, name);
  await expect(page.getByText("Live", { exact: true })).toBeVisible({ timeout: 20_000 });
  const history = page.getByRole("region", { name: "History" });
  await expect(history.getByText("Complete", { exact: true }).first()).toBeVisible();
  await expect(history).toContainText("Sessions3");
  await expect(page.getByRole("region", { name: "Reading" })).toContainText(
    /of 240 · \d+ remaining/,
  );

  await page.getByRole("button", { name: "Test connection" }).click();
  await expect(page.getByText("The key sees 3 sessions")).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("tab", { name: "Settings" }).click();
  const form = page.getByRole("region", { name: "Settings" });
  const save = form.getByRole("button", { name: "Save" });
  await expect(save).toBeDisabled();
  await form.getByLabel("Reads per minute").fill("many");
  await expect(form.getByText("expected a whole number from 1")).toBeVisible();
  await expect(save).toBeDisabled();
  await form.getByLabel("Reads per minute").fill("600");
  await form.getByLabel("Name").fill(`${name} renamed`);
  await form.getByLabel("New API key").fill("sk-ant-wrong-key");
  await save.click();
  await expect(form.getByRole("alert")).toContainText("does not know this key");
  await form.getByLabel("New API key").fill("");
  await expectAccessible(page);
  await save.click();
  await expect(form.getByText("Saved.")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`${name} renamed`);

  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await expect(page.getByText("Somebody paused it.")).toBeVisible();
  await page.getByRole("button", { name: "Go on" }).click();
  await expect(page.getByText("Live", { exact: true })).toBeVisible();

  await page.getByRole("button", { name: "Remove connection…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Delete them").check();
  const remove = dialog.getByRole("button", { name: "Remove connection and data" });
  await expect(remove).toBeDisabled();
  await dialog.getByLabel("To be sure").fill(`${name} renamed`);
  await expectAccessible(page);
  await remove.click();
  await expect(page).toHaveURL("/settings/connections");
  await expect(page.getByRole("heading", { name: "Connections" })).toBeVisible();
  await expect(page.getByText(`${name} renamed`)).toHaveCount(0);
});

test("webhooks are set up, rotated, seen as they come and as they are refused", async ({
  page,
  baseURL,
}) => {
  test.slow();
  platform.load({ sessions: [sessionObject("sesn_hooked")] });
  await connect(page, `webhooks ${Date.now()}`);
  await expect(page.getByText("Live", { exact: true })).toBeVisible({ timeout: 20_000 });
  await page.getByRole("tab", { name: "Webhooks" }).click();
  const address = page.getByRole("region", { name: "webhook address" }).locator("pre");
  await expect(address).toContainText(`${baseURL}/api/webhooks/anthropic/conn_`);
  const url = (await address.textContent()) ?? "";

  const secrets = page.getByRole("region", { name: "Signing secrets" });
  const add = async (secret: string) => {
    await secrets.getByLabel("New signing secret").fill(secret);
    await secrets.getByRole("button", { name: "Add secret" }).click();
  };
  await secrets.getByLabel("New signing secret").fill("not a secret");
  await expect(secrets.getByText("expected whsec_ and base64")).toBeVisible();
  await add(secretOf(1));
  await expect(secrets.getByRole("listitem")).toContainText([hintOf(1)]);
  await expect(page.getByText("There is nothing to compare yet")).toBeVisible();

  const endpoint = platform.webhooks.subscribe({ url, secret: secretOf(2) });
  platform.webhooks.emit({ type: "session.updated", id: "sesn_hooked" });
  await platform.webhooks.settled();
  const refused = page.getByRole("table", { name: "Refused deliveries" });
  await expect(refused).toContainText("Signed with none of the secrets");

  await add(secretOf(2));
  await expect(secrets.getByRole("listitem")).toContainText([hintOf(2), hintOf(1)]);
  platform.webhooks.emit({ type: "session.updated", id: "sesn_hooked" });
  await platform.webhooks.settled();
  const came = page.getByRole("table", { name: "Last deliveries" });
  await expect(came.getByRole("row").nth(1)).toContainText("session.updated");
  await expect(came.getByRole("row").nth(1)).toContainText("session read", { timeout: 20_000 });
  await expectAccessible(page);

  await secrets.getByRole("button", { name: `Remove the secret ${hintOf(1)}` }).click();
  await page.getByRole("button", { name: "Remove secret" }).click();
  await expect(secrets.getByRole("listitem")).toHaveCount(1);
  endpoint.secret = secretOf(1);
  const before = await refused.getByRole("row").count();
  platform.webhooks.emit({ type: "session.updated", id: "sesn_hooked" });
  await platform.webhooks.settled();
  await expect.poll(() => refused.getByRole("row").count()).toBeGreaterThan(before);

  await came.getByRole("link", { name: "sesn_hooked" }).first().click();
  await expect(page).toHaveURL(/\/sessions\/sesn_hooked/);
  await page.goBack();
  await expect(page.getByRole("tab", { name: "Webhooks" })).toHaveAttribute(
    "aria-selected",
    "true",
  );
});

test("a connection that does not exist is said not to", async ({ page }) => {
  await page.goto("/settings/connections/conn_none");
  await expect(page.getByText("There is no such connection")).toBeVisible();
});
