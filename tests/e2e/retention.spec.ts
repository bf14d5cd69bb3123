import { expect, test } from "./fenced";

const AT = "2026-11-20T10:00:00Z";

test("a session is held, released and erased, and its report stays", async ({ page, baseURL }) => {
  const id = `sesn_erase_${Date.now()}`;
  const headers = { origin: baseURL ?? "" };
  const events = [
    { id: "1", type: "session.status_running", processed_at: AT },
    { id: "2", type: "user.message", processed_at: AT, content: [{ type: "text", text: "hello" }] },
  ].map((event) => ({ session_id: id, event }));
  const sent = await page.request.post("/api/v1/ingest", { headers, data: { events } });
  expect((await sent.json()).accepted).toBe(2);

  await page.goto("/settings/retention");
  const holds = page.getByRole("list", { name: "Legal holds" });
  await page.getByRole("button", { name: "Place a hold…" }).click();
  let dialog = page.getByRole("dialog", { name: "Place a legal hold" });
  await dialog.getByLabel("Session ids").fill(id);
  await dialog.getByLabel("Why").fill("case 4711");
  await dialog.getByRole("button", { name: "Place the hold" }).click();
  await expect(holds.getByRole("listitem").filter({ hasText: id })).toContainText("1 session");

  await page.getByRole("button", { name: "Erase sessions…" }).click();
  dialog = page.getByRole("dialog", { name: "Erase sessions" });
  await dialog.getByLabel("Session ids").fill(id);
  await dialog.getByRole("button", { name: "Show what would go" }).click();
  await expect(dialog.getByText("case 4711")).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Erase", exact: true })).toBeDisabled();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await holds.getByRole("button", { name: "Lift the hold “case 4711”" }).click();
  await expect(holds.getByRole("listitem").filter({ hasText: id })).toContainText("Lifted");

  await page.getByRole("button", { name: "Erase sessions…" }).click();
  await dialog.getByLabel("Session ids").fill(id);
  await dialog.getByRole("button", { name: "Show what would go" }).click();
  await expect(dialog.getByRole("status")).toContainText("Events2");
  await dialog.getByLabel("Why").fill("request 17");
  await dialog.getByLabel("Erase 1 session for good").check();
  await dialog.getByRole("button", { name: "Erase", exact: true }).click();
  const erasure = page
    .getByRole("list", { name: "Erasures" })
    .getByRole("listitem")
    .filter({ hasText: "sessions by id: 1" })
    .first();
  await expect(erasure).toContainText("1 session erased", { timeout: 60_000 });
  await erasure.getByRole("button").click();
  await expect(page).toHaveURL(/erasure=erase_/);
  await expect(erasure).toContainText("request 17");
  await expect(erasure.getByRole("table", { name: "What remains in the totals" })).toBeVisible();
  expect((await page.request.get(`/api/v1/sessions/${id}`)).status()).toBe(404);
});

test("how long things stay is set, and an order that cannot be is told at its field @phone", async ({
  page,
}) => {
  await page.goto("/settings/retention");
  const pushed = page.getByRole("group", { name: "Pushed, imported, simulated" });
  await pushed.getByLabel("Content").selectOption("3650");
  await pushed.getByLabel("Events").selectOption("1825");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(pushed.getByLabel("Events")).toHaveAttribute("aria-invalid", "true");
  await expect(pushed.getByText(/events cannot go before content/)).toBeVisible();
  await pushed.getByLabel("Events").selectOption("3650");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved: holds from the next run on.")).toBeVisible();
  await page.reload();
  await expect(pushed.getByLabel("Events")).toHaveValue("3650");
  await pushed.getByLabel("Content").selectOption("");
  await pushed.getByLabel("Events").selectOption("");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved: holds from the next run on.")).toBeVisible();
});
