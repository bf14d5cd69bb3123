import { type Sink, startSink } from "@/tests/support/sink";
import { type Product, startProduct } from "@/tests/support/start-product";
import { expect, test as fenced } from "./fenced";
import { allPlanted, KINDS, said } from "./hostile-corpus";
import {
  enterAlerting,
  enterBeats,
  enterNotes,
  enterPeople,
  enterSettings,
  make,
} from "./hostile-entries";
import { sendFleet, sendRejected } from "./hostile-fleet";
import { spiltOn, suspectsOn, turnedOn } from "./hostile-look";
import { type Entered, pagesOf, REFLECTED, REFLECTED_OUTSIDE } from "./hostile-pages";
import { inspectAll, lookAt, seen, watched } from "./hostile-visit";

const ADA = { email: "ada@example.com", password: "violet anchor mosaic" };
const SIGNED_IN = "tests/.results/hostile.json";
const NOBODY = { cookies: [], origins: [] };

/** A product of their own: nothing of this may stand on the pages of other tests. */
const test = fenced.extend<object, { product: Product; sink: Sink }>({
  product: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what is asked for from it
    async ({}, use) => {
      const product = await startProduct({
        WATCHKEEPER_INIT_EMAIL: ADA.email,
        WATCHKEEPER_INIT_PASSWORD: ADA.password,
      });
      await use(product);
      await product.stop();
    },
    { scope: "worker", timeout: 90_000 },
  ],
  sink: [
    // biome-ignore lint/correctness/noEmptyPattern: as above
    async ({}, use) => {
      const sink = await startSink();
      await use(sink);
      await sink.close();
    },
    { scope: "worker" },
  ],
  baseURL: async ({ product }, use) => use(product.url),
});
test.describe.configure({ mode: "serial" });
test.use({ storageState: SIGNED_IN });

let entered: Entered;
test.beforeAll(async ({ playwright, product, sink }) => {
  test.setTimeout(120_000);
  // A receiver that answers as badly; a connection finds it in the place of a platform.
  sink.answer = (_, response) => {
    const error = { type: "invalid_request_error", message: said("answer of a receiver", 1) };
    response.writeHead(400, { "content-type": "application/json" });
    response.end(JSON.stringify({ error }));
  };
  const newBrowser = () =>
    playwright.request.newContext({
      ...{ baseURL: product.url, storageState: NOBODY, userAgent: said("browser", 0) },
      extraHTTPHeaders: { origin: product.url },
    });
  const request = await newBrowser();
  await request.post("/api/auth/sign-in", { form: ADA });
  await request.storageState({ path: SIGNED_IN });
  await sendFleet(request);
  await sendRejected(request);
  const rules = await enterAlerting(request, sink.url);
  const beats = await enterBeats(request);
  await enterSettings(request);
  await enterPeople(request, newBrowser);
  const to = { base_url: sink.url, api_key: `sk-ant-api03-${"h".repeat(40)}` };
  const name = said("connection", 0, 80);
  const { id: connection } = await make(request, "connections", { name, ...to });
  // So that the audit log has a before and an after.
  const renamed = { method: "PATCH", name: said("new name of a connection", 0, 80) };
  await make(request, `connections/${connection}`, renamed);
  const firstOf = async (path: string) =>
    String(((await make(request, path, { method: "GET" })).data as { id: string }[])[0]?.id);
  const delivery = await firstOf("deliveries");
  const rejected = await firstOf("rejected");
  const change = await firstOf("audit?action=connection.changed");
  const episodes = await enterNotes(request);
  entered = { rules, beats, episodes, connection, delivery, rejected, change };
  await request.dispose();
});

test("what was said is shown as it was said, and does nothing", async ({ context, page }) => {
  test.setTimeout(240_000);
  const pages = [page, await context.newPage(), await context.newPage()];
  await inspectAll(pages, pagesOf(entered));
});

test("nor does it in what opens on a page", async ({ page }) => {
  const complaints = await watched(page);
  await page.goto("/sessions?range=all");
  await page.keyboard.press("Control+k");
  await page.getByPlaceholder("Find a session").fill(said("title", 0).slice(0, 6));
  await expect(page.getByRole("option").filter({ hasText: said("title", 0) })).toBeVisible();
  complaints.push(...(await lookAt(page)));
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Views" }).click();
  await expect(page.getByText(said("view", 1, 80))).toBeVisible();
  complaints.push(...(await lookAt(page)));
  await page.goto("/costs/what-if?range=all");
  await page.getByRole("button", { name: "Scenarios" }).click();
  await expect(page.getByText(said("scenario", 1, 80))).toBeVisible();
  complaints.push(...(await lookAt(page)));

  await page.goto(`/alerts/rules/${entered.rules[KINDS.indexOf("turned")]}`);
  await page.getByRole("button", { name: "Delete…" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  complaints.push(...(await lookAt(page)));

  await page.goto("/import");
  const name = `${said("name of a file", 0).replaceAll("/", " ")}.json`;
  await page
    .locator("input[type=file]")
    .setInputFiles({ name, mimeType: "application/json", buffer: Buffer.from("[{}]") });
  await expect(page.getByText(name)).toBeVisible();
  complaints.push(...(await lookAt(page)));
  expect(complaints).toEqual([]);
});

test("nor in an address", async ({ context, browser, baseURL, page }) => {
  test.setTimeout(120_000);
  await inspectAll([page, await context.newPage(), await context.newPage()], REFLECTED, [360]);
  const outside = await browser.newContext({ baseURL, storageState: NOBODY });
  await inspectAll([await outside.newPage()], REFLECTED_OUTSIDE, [360]);
  await outside.close();
});

test("a sign-in leads nowhere else", async ({ request, baseURL }) => {
  for (const next of [
    "//evil.example",
    "/\\evil.example",
    "https://evil.example",
    "javascript:owned()",
  ]) {
    const form = { ...ADA, next };
    const headers = { origin: baseURL ?? "" };
    const answer = await request.post("/api/auth/sign-in", { form, headers, maxRedirects: 0 });
    expect([answer.status(), answer.headers().location]).toEqual([303, "/"]);
  }
});

test("all of it was there to be seen", () => {
  const fields = [...new Set(allPlanted().map(({ field }) => field))];
  expect(fields.filter((field) => !seen.fields.has(field))).toEqual([]);
  expect(KINDS.filter((kind) => !seen.kinds.has(kind))).toEqual([]);
});

test("the inspection would see it", async ({ page, elsewhere }) => {
  const complaints = await watched(page);
  await page.goto("/account");
  await page.evaluate(
    (turned) => {
      document.body.innerHTML = `
      <svg class=owned></svg><iframe></iframe><script>owned()</script><img src=x onerror=owned()>
      <a href="javascript:owned()">a</a><a href="https://example.com/">b</a>
      <p><b>${turned}</b> stands beside it</p><p><b style="display:inline-block">${turned}</b> stands apart</p>
      <h2>${turned}</h2>
      <main><p style="width:100px;overflow-wrap:normal">${"W".repeat(80)}</p>
      <p style="width:3000px">x</p></main>`;
      const ran = document.createElement("script");
      ran.textContent = "owned()";
      document.body.append(ran);
    },
    said("title", KINDS.indexOf("turned")),
  );
  const suspects = (await suspectsOn(page)).join("\n");
  for (const part of ["<svg", "<iframe", "<script", "onerror", "javascript:", "https://example"])
    expect(suspects).toContain(part);
  expect(await turnedOn(page)).toEqual([
    expect.stringContaining("stands beside it"),
    expect.stringMatching(/^reads backwards: .* in <h2>/),
  ]);
  expect((await spiltOn(page)).join("\n")).toMatch(
    /page is \d+ px too wide: <p.*\n\d+ px out of p: WWW/,
  );
  await expect.poll(() => elsewhere.join()).toContain("Content Security Policy");
  expect(complaints.join()).toContain("Content Security Policy");
  elsewhere.length = 0;
});
