import { expect, test } from "./fenced";
import { sendFleet } from "./fleet-fixtures";

const PASSWORD = "violet anchor mosaic";

test("a newcomer comes in by the link, sees three doors, and sends a first session", async ({
  page,
  context,
}) => {
  const link = process.env.TEST_SETUP_URL ?? "";
  expect(link).toContain("/setup?token=");
  await page.goto(link);
  await page.getByLabel("Your name").fill("Ada Byron");
  await page.getByLabel("E-mail").fill("ada@example.com");
  await page.getByLabel("Password").fill("password1234");
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByText("among the passwords that are tried first")).toBeVisible();
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page).toHaveURL("/");
  await context.storageState({ path: "tests/.results/signed-in.json" });

  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Nothing to watch yet");
  await expect(page.getByRole("region", { name: "Send events" })).toBeVisible();
  await expect(page.getByRole("region", { name: "Import files" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Load demo data" })).toBeEnabled();
  await expect(page.getByRole("region", { name: "Connect an Anthropic workspace" })).toBeVisible();

  await page.getByRole("button", { name: "Create a key" }).click();
  const command = await page.getByRole("region", { name: "command" }).locator("pre").textContent();
  await expect(page.getByText("Waiting for the first event…")).toBeVisible();
  const parts = /^curl (\S+) \\\n {2}-H 'authorization: (.*)' \\\n.*\n {2}-d '(.*)'$/s.exec(
    command ?? "",
  );
  const answer = await fetch(parts?.[1] ?? "", {
    method: "POST",
    headers: { authorization: parts?.[2] ?? "", "content-type": "application/json" },
    body: parts?.[3],
  });
  expect(await answer.json()).toMatchObject({ accepted: 7, rejected: [] });
  await expect(page).toHaveURL(/\/sessions\/sesn_hello/);
});

test("a used link lets nobody in again, and says so", async ({ page }) => {
  await page.goto(process.env.TEST_SETUP_URL ?? "");
  await page.getByLabel("Your name").fill("Eve");
  await page.getByLabel("E-mail").fill("eve@example.com");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("This link does not work");
});

test("a wrong key is refused in words", async ({ page }) => {
  await page.goto("/sessions");
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await page.getByRole("link", { name: "Sign in with an API key" }).click();
  await page.getByLabel("API key with admin scope").fill("wk_not_a_key_at_all_0000");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("This key is unknown")).toBeVisible();
});

test("a small fleet comes in, for the tests of the screens", async ({ browser, baseURL }) => {
  const signedIn = { storageState: "tests/.results/signed-in.json", baseURL };
  const context = await browser.newContext(signedIn);
  await sendFleet(context.request, baseURL ?? "");
  await context.close();
});
