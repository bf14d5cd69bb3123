import { expect, test } from "./fenced";

const PASSWORD = "copper lantern drizzle";
const HIDDEN = "What this session said and did is hidden for your role";

test("somebody who sees figures alone opens content with a reason, until it is closed", async ({
  page,
  browser,
  baseURL,
}) => {
  await page.goto("/settings/people");
  await page.getByLabel("E-mail").fill("cleo@example.com");
  await page.getByLabel("Role", { exact: true }).selectOption("Cost only");
  await page.getByRole("button", { name: "Make an invitation" }).click();
  const link = await page.getByText("/invitation?token=").textContent();
  const context = await browser.newContext({ baseURL, storageState: { cookies: [], origins: [] } });
  const cleo = await context.newPage();
  await cleo.goto(link ?? "");
  await cleo.getByLabel("Your name").fill("Cleo");
  await cleo.getByLabel("Password").fill(PASSWORD);
  await cleo.getByRole("button", { name: "Come in" }).click();
  await expect(cleo).toHaveURL("/");

  await cleo.goto("/sessions/sesn_fleet0003");
  await expect(cleo.getByText(HIDDEN)).toBeVisible();
  await expect(cleo.getByRole("button", { name: "Open content…" })).toHaveCount(0);
  await page.reload();
  await page.getByLabel("Cleo may open content").click();
  await expect(page.getByLabel("Cleo may open content")).toBeChecked();

  await cleo.reload();
  await cleo.getByRole("tabpanel").getByRole("button", { name: "Open content…" }).click();
  const dialog = cleo.getByRole("dialog");
  await dialog.getByLabel("Reason").fill("too short");
  await dialog.getByRole("button", { name: "Open content" }).click();
  await expect(dialog).toBeVisible();
  await dialog.getByLabel("Reason").fill("TICKET-9: the customer asks what was said");
  await dialog.getByLabel("For", { exact: true }).selectOption("an hour");
  await dialog.getByRole("button", { name: "Open content" }).click();
  const banner = cleo.getByRole("status").filter({ hasText: "Content is open until" });
  await expect(banner).toContainText("TICKET-9");
  await expect(cleo.getByText(/(59 min|1 h).* left/)).toBeVisible();
  await expect(cleo.getByRole("heading", { level: 1 })).toContainText("Fleet task 3");
  await expect(cleo.getByRole("tabpanel").getByText("Task 3").first()).toBeVisible();
  await cleo.goto("/sessions?q=task");
  await expect(banner).toBeVisible();
  await expect(cleo.getByLabel("Search titles, ids and messages")).toBeVisible();

  await page.reload();
  const table = page.getByRole("table", { name: "Opened content" });
  const row = table.getByRole("row", { name: /cleo@example.com/ });
  await expect(row).toContainText("open now");
  await expect(row).toContainText("TICKET-9");
  await row.getByRole("link", { name: "Looked at" }).click();
  for (const words of ["Content opened by a break-glass", "Session's content viewed"])
    await expect(page.getByText(words).filter({ visible: true }).first()).toBeVisible();

  await cleo.goto("/sessions/sesn_fleet0003");
  await cleo.getByRole("button", { name: "Close now" }).click();
  await expect(cleo.getByText(HIDDEN)).toBeVisible();
  await expect(banner).toHaveCount(0);
  await expect(cleo.getByText(/task 3/i)).toHaveCount(0);

  await cleo.getByRole("tabpanel").getByRole("button", { name: "Open content…" }).click();
  await dialog.getByLabel("Reason").fill("TICKET-9 again, one more look");
  await dialog.getByRole("button", { name: "Open content" }).click();
  await expect(banner).toBeVisible();
  await page.goto("/settings/people");
  await page.getByRole("button", { name: /^Close what cleo/ }).click();
  await expect(row.first()).toContainText("closed by ada@example.com");
  await cleo.reload();
  await expect(cleo.getByText(HIDDEN)).toBeVisible();

  await page.getByRole("button", { name: "More about Cleo" }).click();
  await page.getByRole("menuitem", { name: "Remove…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await expect(page.getByRole("table", { name: "People" })).not.toContainText("cleo@");
  await context.close();
});

test("an open page hides content by itself when the time is over", async ({
  page,
  browser,
  baseURL,
}) => {
  const answer = await page.request.post("/api/v1/invitations", {
    data: { email: "dora@example.com", role: "cost" },
    headers: { "sec-fetch-site": "same-origin" },
  });
  const { link } = await answer.json();
  const context = await browser.newContext({ baseURL, storageState: { cookies: [], origins: [] } });
  const dora = await context.newPage();
  await dora.clock.install();
  await dora.goto(link);
  await dora.getByLabel("Your name").fill("Dora");
  await dora.getByLabel("Password").fill(PASSWORD);
  await dora.getByRole("button", { name: "Come in" }).click();
  await expect(dora).toHaveURL("/");
  await page.goto("/settings/people");
  await page.getByLabel("Dora may open content").click();
  await expect(page.getByLabel("Dora may open content")).toBeChecked();

  await dora.goto("/sessions/sesn_fleet0003");
  await dora.getByRole("tabpanel").getByRole("button", { name: "Open content…" }).click();
  await dora.getByLabel("Reason").fill("TICKET-10: what was said?");
  await dora.getByRole("dialog").getByRole("button", { name: "Open content" }).click();
  await expect(dora.getByRole("button", { name: "Close now" })).toBeVisible();
  await expect(dora.getByText("14 min", { exact: false })).toBeVisible();
  // The server's time is another: it is over there by an admin's hand, here by the page's own clock.
  await page.reload();
  await page.getByRole("button", { name: /^Close what dora/ }).click();
  await expect(
    page.getByRole("table", { name: "Opened content" }).getByRole("row", { name: /dora@/ }),
  ).toContainText("closed by ada@example.com");
  await dora.clock.fastForward("15:01");
  await expect(dora.getByText(HIDDEN)).toBeVisible();
  await expect(dora.getByRole("button", { name: "Close now" })).toHaveCount(0);
  await page.request.fetch("/api/v1/people").then(async (people) => {
    const { data } = await people.json();
    const { id } = data.find(({ email }: { email: string }) => email === "dora@example.com");
    await page.request.delete(`/api/v1/people/${id}`, {
      headers: { "sec-fetch-site": "same-origin" },
    });
  });
  await context.close();
});
