import { expect, test } from "./fenced";

/** History is counted by a job that comes once a minute at the latest. */
const COUNTED_MS = 120_000;

test("a metadata key is promoted, counted, divides costs and is given back", async ({ page }) => {
  test.setTimeout(COUNTED_MS + 60_000);
  await page.goto("/settings/dimensions");
  const row = page.getByRole("row", { name: /^tenant/ });
  await expect(row).toContainText("acme, globex");
  await row.getByRole("button", { name: "Promote tenant" }).click();
  await expect(row.getByRole("button", { name: /^(Stop|Demote) tenant/ })).toBeVisible();
  await expect(row.getByRole("button", { name: "Demote tenant" })).toBeVisible({
    timeout: COUNTED_MS,
  });
  await row.getByRole("link", { name: "tenant" }).click();
  await expect(page).toHaveURL(/\/costs\?by=metadata\.tenant/);
  const table = page.getByRole("table", { name: "Cost by tenant" });
  for (const value of ["acme", "globex"])
    await expect(table.getByRole("row", { name: new RegExp(`^${value}`) })).toContainText("$");
  await expect(table.getByRole("row", { name: "Sum" })).toContainText("100 %");

  await page.goto("/settings/dimensions");
  await row.getByRole("button", { name: "Demote tenant" }).click();
  const dialog = page.getByRole("dialog");
  if (await dialog.isVisible()) await dialog.getByRole("button", { name: /Demote/ }).click();
  await expect(row.getByRole("button", { name: "Promote tenant" })).toBeVisible({
    timeout: COUNTED_MS,
  });
});
