import { expect, test } from "./fenced";

const PASSWORD = "copper lantern drizzle";

test("somebody invited comes in as a viewer, is given less, and is removed", async ({
  page,
  browser,
  baseURL,
}) => {
  await page.goto("/settings/people");
  await page.getByLabel("E-mail").fill("bob@example.com");
  await page.getByRole("button", { name: "Make an invitation" }).click();
  const link = await page.getByText("/invitation?token=").textContent();
  await expect(page.getByRole("table", { name: "Open invitations" })).toContainText("bob@");

  const context = await browser.newContext({ baseURL, storageState: { cookies: [], origins: [] } });
  const bob = await context.newPage();
  await bob.goto(link ?? "");
  await expect(bob.getByText("sees everything, changes nothing")).toBeVisible();
  await bob.getByLabel("Your name").fill("Bob");
  await bob.getByLabel("Password").fill(PASSWORD);
  await bob.getByRole("button", { name: "Come in" }).click();
  await expect(bob).toHaveURL("/");

  await bob.goto("/alerts/rules");
  await expect(bob.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(bob.getByRole("link", { name: "New rule" })).toHaveCount(0);
  await expect(bob.getByRole("button", { name: "New rule" })).toHaveCount(0);
  await bob.goto("/alerts/silences");
  await expect(bob.getByRole("button", { name: "New silence" })).toHaveCount(0);
  await bob.goto("/settings");
  await expect(bob).toHaveURL(/\/settings\/prices/);
  await expect(bob.getByRole("link", { name: "People" })).toHaveCount(0);
  await expect(bob.getByRole("link", { name: "Import" })).toHaveCount(0);
  await bob.goto("/settings/masking");
  await expect(bob.getByRole("heading", { name: "What is stored already" })).toBeVisible();
  await expect(bob.getByLabel("Text or JSON")).toHaveCount(0);
  await bob.goto("/settings/people");
  await expect(bob.getByText("This page is not for your role")).toBeVisible();

  await bob.goto("/sessions/sesn_fleet0003");
  await expect(bob.getByRole("heading", { level: 1 })).toContainText("Fleet task 3");
  await expect(bob.getByRole("tabpanel").getByText("Task 3").first()).toBeVisible();

  await page.reload();
  await page.getByLabel("Role of Bob").selectOption("Cost only");
  await expect(page.getByLabel("Role of Bob")).toBeEnabled();
  await bob.reload();
  await expect(
    bob.getByText("What this session said and did is hidden for your role"),
  ).toBeVisible();
  await expect(bob.getByText(/task 3/i)).toHaveCount(0);
  await bob.getByRole("tab", { name: "Cost" }).click();
  await expect(bob.getByRole("tabpanel")).toContainText("$");
  await bob.goto("/failures?range=all");
  await expect(bob.getByText("message hidden for your role").first()).toBeVisible();

  await page.getByRole("button", { name: "More about Bob" }).click();
  await page.getByRole("menuitem", { name: "Remove…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await expect(page.getByRole("table", { name: "People" })).not.toContainText("bob@");
  await bob.goto("/");
  await expect(bob).toHaveURL(/\/sign-in/);
  await context.close();
});

test("of an admin who leaves somebody says what becomes of their keys", async ({
  page,
  playwright,
  baseURL,
}) => {
  const send = { origin: baseURL ?? "" };
  const invited = await page.request.post("/api/v1/invitations", {
    ...{ headers: send, data: { email: "carol@example.com", role: "admin" } },
  });
  const token = new URL((await invited.json()).link, baseURL).searchParams.get("token") ?? "";
  const carol = await playwright.request.newContext({
    ...{ baseURL, extraHTTPHeaders: send, storageState: { cookies: [], origins: [] } },
  });
  const form = { token, name: "Carol", password: PASSWORD };
  await carol.post("/api/auth/invitation", { form, maxRedirects: 0 });
  const made = await carol.post("/api/v1/keys", { data: { name: "pipe", scopes: ["read"] } });
  expect(made.status()).toBe(201);
  const { key } = await made.json();
  await carol.dispose();

  await page.goto("/settings/people");
  await page.getByLabel("Role of Carol").selectOption("Viewer");
  const dialog = page.getByRole("dialog", { name: "Change Carol from Admin to Viewer?" });
  await expect(dialog.getByRole("button", { name: "Change" })).toBeDisabled();
  await dialog.getByLabel("They made 1 API key in use").selectOption("keep");
  await dialog.getByRole("button", { name: "Change" }).click();
  await expect(page.getByLabel("Role of Carol")).toHaveValue("viewer");

  await page.getByRole("button", { name: "More about Carol" }).click();
  await page.getByRole("menuitem", { name: "Remove…" }).click();
  const removing = page.getByRole("dialog", { name: "Remove Carol?" });
  await removing.getByLabel("They made 1 API key in use").selectOption("revoke");
  await removing.getByRole("button", { name: "Remove" }).click();
  await expect(page.getByRole("table", { name: "People" })).not.toContainText("carol@");
  const headers = { authorization: `Bearer ${key}` };
  expect((await page.request.get("/api/v1/sessions", { headers })).status()).toBe(401);
});

test("one's own account and keys are there to be looked after", async ({
  page,
  browser,
  baseURL,
}) => {
  const context = await browser.newContext({ baseURL, storageState: { cookies: [], origins: [] } });
  const other = await context.newPage();
  await other.goto("/costs");
  await other.getByLabel("E-mail").fill("ada@example.com");
  await other.getByLabel("Password").fill("not her password");
  await other.getByRole("button", { name: "Sign in" }).click();
  await expect(other.getByText("Address or password is not right.")).toBeVisible();
  await other.getByLabel("Password").fill("violet anchor mosaic");
  await other.getByRole("button", { name: "Sign in" }).click();
  await expect(other).toHaveURL(/\/costs/);

  await page.goto("/account");
  const browsers = page.getByRole("table", { name: "Browsers" });
  const signOut = browsers.getByRole("button", { name: "Sign out" });
  await expect(signOut).toHaveCount(1);
  await signOut.click();
  await expect(signOut).toHaveCount(0);
  await other.goto("/costs");
  await expect(other).toHaveURL(/\/sign-in/);
  await context.close();

  await page.goto("/settings/keys");
  await page.getByLabel("Name").fill("dashboards");
  await page.getByLabel("Scope").selectOption("figures");
  await page.getByRole("button", { name: "Make the key" }).click();
  await expect(page.getByRole("status").getByText(/^wk_/)).toBeVisible();
  const row = page.getByRole("row", { name: /dashboards/ });
  await row.getByRole("button", { name: "Rotate" }).click();
  await page.getByRole("button", { name: "Make the new key" }).click();
  await expect(page.getByText("Replaced; good until")).toBeVisible();
  for (const left of [1, 0]) {
    await row.first().getByRole("button", { name: "Revoke" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
    await expect(row).toHaveCount(left);
  }
});
