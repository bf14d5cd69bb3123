import { expect, type Page, test } from "./fenced";

const AT = "2026-11-20T10:00:00Z";
const event = (session: string, id: string, processed_at: unknown) => ({
  session_id: session,
  event: { id, type: "session.status_running", processed_at, note: "<img src=x onerror=alert(1)>" },
});

/** Sends events whose times are none. */
async function reject(page: Page, origin: string, session: string, times: unknown[]) {
  const events = times.map((at, n) => event(session, `sevt_${n}`, at));
  const answer = await page.request.post("/api/v1/ingest", {
    headers: { origin },
    data: { events },
  });
  expect((await answer.json()).rejected).toHaveLength(times.length);
}

const items = (page: Page) => page.getByRole("list", { name: "Rejected items" });

test("a rejected item is found from the overview, changed, and taken in", async ({
  page,
  baseURL,
}) => {
  await reject(page, baseURL ?? "", "sesn_mended", ["next week"]);
  await page.goto("/");
  const attention = page.getByRole("region", { name: "Needs attention" });
  await attention
    .getByRole("listitem")
    .filter({ hasText: "could not be taken in" })
    .getByRole("link", { name: "Look" })
    .click();
  await expect(page).toHaveURL(/\/rejected/);
  await page.getByLabel("reason").selectOption("event.processed_at");
  await expect(page).toHaveURL(/reason=event.processed_at/);
  await items(page)
    .getByRole("button", { name: /next week/ })
    .click();
  const item = page.getByRole("region", { name: "The item" });
  await expect(item.getByText("<img src=x onerror=alert(1)>")).toBeVisible();
  await item.getByRole("button", { name: "Try again", exact: true }).click();
  await expect(item.getByText('Refused again: event.processed_at: "next week"')).toBeVisible();
  await item.getByRole("button", { name: "Edit" }).click();
  const editor = item.getByLabel("The item, as ingest reads it");
  const text = await editor.inputValue();
  await editor.fill(`${text},`);
  await item.getByRole("button", { name: "Try again with this" }).click();
  await expect(item.getByText("This is not JSON yet")).toBeVisible();
  await editor.fill(text.replace('"next week"', "7"));
  await item.getByRole("button", { name: "Try again with this" }).click();
  await expect(item.getByText("Refused again: event.processed_at: expected")).toBeVisible();
  await item.getByRole("button", { name: "Back to how it came" }).click();
  await expect(editor).toHaveValue(text);
  await editor.fill(text.replace("next week", AT));
  await item.getByRole("button", { name: "Try again with this" }).click();
  await expect(item).toHaveCount(0);
  await expect(items(page).getByRole("button", { name: /next week/ })).toHaveCount(0);
  await page.goto("/sessions/sesn_mended");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("sesn_mended");
});

test("one item is deleted, all of a session are tried, and the rest is deleted", async ({
  page,
  baseURL,
}) => {
  await reject(page, baseURL ?? "", "sesn_many", ["first", "second", "third"]);
  await page.goto("/rejected?session=sesn_many");
  const rows = items(page).getByRole("listitem");
  await expect(rows).toHaveCount(3);
  await items(page)
    .getByRole("button", { name: /second/ })
    .click();
  await page
    .getByRole("region", { name: "The item" })
    .getByRole("button", { name: "Delete" })
    .click();
  const one = page.getByRole("dialog", { name: "Delete this item?" });
  await one.getByRole("button", { name: "Keep" }).click();
  await expect(rows).toHaveCount(3);
  await page
    .getByRole("region", { name: "The item" })
    .getByRole("button", { name: "Delete" })
    .click();
  await one.getByRole("button", { name: "Delete" }).click();
  await expect(rows).toHaveCount(2);
  await page.getByRole("button", { name: "Try all again" }).click();
  await expect(page.getByText("2 items tried: 0 taken in, 2 refused again.")).toBeVisible();
  await page.getByRole("button", { name: "Delete all" }).click();
  const all = page.getByRole("dialog", { name: "Delete 2 rejected items?" });
  await all.getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText("No rejected item matches these filters")).toBeVisible();
  await page.getByRole("button", { name: "Clear filters" }).click();
  await expect(page).toHaveURL("/rejected");
});

test("the palette and the import lead there", async ({ page }) => {
  await page.goto("/import");
  const line = JSON.stringify({ kind: "event", session_id: "sesn_imported", data: { id: "e" } });
  await page.getByLabel(/Drop files here/).setInputFiles({
    name: "wrong.ndjson",
    mimeType: "application/x-ndjson",
    buffer: Buffer.from(line),
  });
  await page.getByRole("link", { name: "Look at what was rejected" }).click();
  await expect(page).toHaveURL("/rejected?source=import");
  await expect(items(page)).toContainText("sesn_imported");
  await page.goto("/");
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByPlaceholder("Find a session").fill("rejected");
  await page.getByRole("option", { name: /Go to Rejected items/ }).click();
  await expect(page).toHaveURL("/rejected");
});
