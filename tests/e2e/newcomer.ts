import type { Browser, Page } from "@playwright/test";

export const PASSWORD = "copper lantern drizzle";

type Where = { browser: Browser; admin: Page; baseURL: string | undefined };

/** Somebody invited by the admin, come in with `PASSWORD` in a browser of their own. */
export async function inviteNewcomer(
  { browser, admin, baseURL }: Where,
  { name, role }: { name: string; role: string },
): Promise<Page> {
  const headers = { origin: baseURL ?? "" };
  const data = { email: `${name.toLowerCase()}@example.com`, role };
  const made = await admin.request.post("/api/v1/invitations", { headers, data });
  const { link } = (await made.json()) as { link: string };
  const context = await browser.newContext({ baseURL, storageState: { cookies: [], origins: [] } });
  const page = await context.newPage();
  await page.goto(link);
  await page.getByLabel("Your name").fill(name);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Come in" }).click();
  await page.waitForURL((url) => url.pathname !== "/invitation");
  return page;
}
