import { readFile } from "node:fs/promises";
import { expect, test } from "./fenced";

test("what somebody changed is found, looked into and exported @phone", async ({
  page,
  baseURL,
}) => {
  const name = `Audited ${Date.now()}`;
  const headers = { origin: baseURL ?? "" };
  const terms = { name, amount_nanos: 1e12 };
  const made = await page.request.post("/api/v1/budgets", { headers, data: terms });
  const { id } = (await made.json()) as { id: string };
  const data = { ...terms, name: `${name} again` };
  await page.request.put(`/api/v1/budgets/${id}`, { headers, data });

  await page.goto("/settings");
  await page
    .getByRole("navigation", { name: "Settings" })
    .getByRole("link", { name: "Audit" })
    .click();
  const entries = page.getByRole("list", { name: "Entries" }).getByRole("listitem");
  await page.getByRole("searchbox", { name: "Search the audit log" }).fill(name);
  await expect(entries).toHaveCount(2);
  await expect(page).toHaveURL(/q=Audited/);
  await page.getByLabel("Action").selectOption("budget.changed");
  await expect(entries).toHaveCount(1);

  const entry = entries.first().getByRole("button").first();
  await entry.focus();
  await page.keyboard.press("Enter");
  const changes = page.getByRole("table", { name: "What was changed" });
  await expect(changes.getByRole("row")).toHaveText([
    "FieldBeforeAfter",
    `name${name}${name} again`,
  ]);
  await page.reload();
  await expect(changes).toBeVisible();

  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export" }).click();
  await page.getByRole("menuitem", { name: "All that match, as CSV" }).click();
  const lines = (await readFile(await (await download).path(), "utf8")).trim().split("\n");
  expect(lines).toHaveLength(2);

  await page.getByRole("button", { name: "All about this" }).click();
  await page.getByLabel("Action").selectOption("");
  await expect(entries).toHaveCount(2);
  await page.getByRole("button", { name: "Clear filters" }).click();
  await expect(entries.first()).toContainText("Audit log exported");

  await page.request.delete(`/api/v1/budgets/${id}`, { headers });
});
