import { expect, test } from "@playwright/test";

test("the link of the first start lets its opener in, once", async ({ page, context }) => {
  const link = process.env.TEST_SETUP_URL ?? "";
  expect(link).toContain("/setup?token=");
  await page.goto(link);
  await page.getByRole("button").first().click();
  await expect(page).toHaveURL("/");
  await context.storageState({ path: "tests/.results/signed-in.json" });
});
