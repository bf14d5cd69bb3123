import { expect, test } from "./fenced";

test("masking is changed, taken back, and not lost where somebody else has saved meanwhile", async ({
  page,
  context,
}) => {
  await page.goto("/settings/masking");
  const box = page.getByRole("checkbox").first();
  const was = await box.isChecked();
  await box.setChecked(!was);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(box).toBeChecked({ checked: was });
  await box.setChecked(!was);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Saved: holds from now on.")).toBeVisible();
  const other = await context.newPage();
  await other.goto("/settings/masking");
  await other.getByRole("checkbox").first().setChecked(was);
  await other.getByRole("button", { name: "Save", exact: true }).click();
  await expect(other.getByText("Saved: holds from now on.")).toBeVisible();
  await page.getByRole("checkbox").nth(1).click();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("button", { name: "Leave mine, show the newest" }).click();
  await expect(box).toBeChecked({ checked: was });
  await expect(page.getByRole("button", { name: "Undo" })).toBeHidden();
});

test("what rules would mask of what is stored is found out, and nothing is changed by that", async ({
  page,
}) => {
  await page.goto("/settings/masking");
  const look = page.getByRole("button", { name: "Find out what would be masked" });
  await look.click();
  await expect(
    page.getByText(/This is what would be masked|The rules find nothing in what is stored/),
  ).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole("button", { name: "Look again" })).toBeVisible();
  await page.getByRole("checkbox").first().click();
  await expect(page.getByText("Save the rules first.")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
});

test("rules are tried as they stand in the form, and a secret is found behind a colour", async ({
  page,
}) => {
  await page.goto("/settings/masking");
  await page
    .getByLabel("Text or JSON")
    .fill("a\u001b[32mghp_\u001b[0mabcdefghijklmnopqrstuvwxyz0123456789 b");
  await expect(page.getByText("a\u001b[32m[masked:github_token] b")).toBeVisible();
  await expect(page.getByText("github_token × 1")).toBeVisible();
});
