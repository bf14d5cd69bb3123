// Not the fenced `test`: the pages of the provider are another place, as they are meant to be.
import { expect, type Page, test } from "@playwright/test";
import { expectAccessible } from "./accessible";

/** From our sign-in page through those of the provider. */
async function signInAs(page: Page, who: string) {
  await page.goto("/sign-in?next=/costs");
  await page.getByRole("link", { name: "Sign in with Example ID" }).click();
  await page.getByPlaceholder("Enter any login").fill(who);
  await page.getByPlaceholder("and password").fill("any");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
}

test.describe("at a provider", () => {
  test.use({ storageState: { cookies: [], origins: [] } });

  test("somebody invited comes in without a password, and nobody by an unverified address", async ({
    page,
    browser,
    baseURL,
  }) => {
    await signInAs(page, "olga");
    await expect(page.getByText("Nobody has invited you yet.")).toBeVisible();
    await expectAccessible(page);

    const signedIn = { storageState: "tests/.results/signed-in.json", baseURL };
    const admin = await browser.newContext(signedIn);
    const headers = { origin: baseURL ?? "" };
    const data = { email: "olga@example.com", role: "viewer" };
    await admin.request.post("/api/v1/invitations", { headers, data });
    await admin.close();

    await page.goto("/sign-in?next=/costs");
    await page.getByRole("link", { name: "Sign in with Example ID" }).click();
    await expect(page).toHaveURL(/\/costs/);
    await page.goto("/account");
    await expect(page.getByText("olga@example.com")).toBeVisible();
    await expect(page.getByText("You have none here")).toBeVisible();
    await expectAccessible(page);

    await page.context().clearCookies();
    await signInAs(page, "mallory");
    await expect(page.getByText("has not verified your e-mail address")).toBeVisible();
    await expect(page).toHaveURL(/\/sign-in/);
  });
});
