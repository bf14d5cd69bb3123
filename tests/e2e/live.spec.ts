import { eventObject, sessionObject } from "../support/platform/objects";
import type { Platform } from "../support/platform/platform";
import { startPlatform } from "../support/platform/server";
import { type APIRequestContext, expect, type Page, test } from "./fenced";
import { send, signedIn } from "./session-fixtures";

// While hints come, a page asks by the clock only every 30 seconds: what it shows sooner was told to it.

let request: APIRequestContext;
test.beforeEach(async ({ playwright, baseURL }) => {
  request = await signedIn(playwright, baseURL);
});
test.afterEach(() => request.dispose());

const iso = (msAgo: number) => new Date(Date.now() - msAgo).toISOString();
const message = (id: string, text: string, msAgo = 0) => ({
  ...eventObject(id, "agent.message", null, { content: [{ type: "text", text }] }),
  processed_at: iso(msAgo),
});

/** A running session that has said something. */
function running(id: string, title: string) {
  const at = iso(60_000);
  const fields = { title, status: "running", created_at: at, updated_at: at };
  const begun = { ...eventObject(`${id}-run`, "session.status_running", null), processed_at: at };
  return {
    session: sessionObject(id, undefined, fields),
    events: [begun, message(`${id}-first`, "The first words.", 30_000)],
  };
}

async function push(id: string, title: string): Promise<void> {
  const { session, events } = running(id, title);
  const sent = events.map((event) => ({ session_id: id, session_thread_id: null, event }));
  await send(request, { source: "push", sessions: [session], events: sent });
}

async function say(id: string, text: string): Promise<void> {
  const event = message(`${id}-${text}`, text);
  await send(request, { source: "push", events: [{ session_id: id, event }] });
}

const isLive = (page: Page) =>
  expect(page.getByTitle("Changes come as they happen")).toHaveText("live");
const says = (page: Page, word: string) =>
  expect(page.getByRole("banner").locator("[title]", { hasText: word })).toBeVisible();

async function connect(platform: Platform): Promise<string> {
  const answer = await request.post("/api/v1/connections", {
    data: { name: `live ${Date.now()}`, base_url: platform.url, api_key: platform.apiKey },
  });
  expect(answer.status(), await answer.text()).toBe(201);
  return (await answer.json()).id as string;
}

test("a running session of a connection is tailed while its page is open", async ({ page }) => {
  const platform = await startPlatform({ readsPerMinute: null });
  const id = `sesn_tailed_${Date.now()}`;
  const { session, events } = running(id, "A tailed session");
  platform.putSession(session);
  for (const event of events) platform.appendEvent(id, null, event);
  const connection = await connect(platform);
  await expect(async () => {
    expect((await request.get(`/api/v1/sessions/${id}`)).status()).toBe(200);
  }).toPass();
  await page.goto(`/sessions/${id}`);
  await isLive(page);
  await expect.poll(() => platform.streams.open).toBe(1);
  const first = page.getByRole("list", { name: "Transcript" }).getByText("The first words.");
  await expect(first).toBeInViewport();
  const before = await first.boundingBox();
  platform.appendEvent(id, null, message(`${id}-next`, "Told by the stream."));
  await expect(page.getByText("Told by the stream.")).toBeVisible();
  expect(await first.boundingBox()).toEqual(before);
  await page.goto("/sessions");
  await expect.poll(() => platform.streams.open, { timeout: 15_000 }).toBe(0);
  expect(platform.writes).toEqual([]);
  await request.delete(`/api/v1/connections/${connection}?data=purge`);
  await platform.close();
});

test("rows of the list change where they stand", async ({ page }) => {
  const id = `sesn_row_${Date.now()}`;
  await push(id, "A row that changes");
  await page.goto("/sessions?q=row+that+changes");
  const row = page.getByRole("row").filter({ hasText: "A row that changes" }).first();
  await expect(row).toContainText("Running");
  await isLive(page);
  const before = await row.boundingBox();
  const idle = { id: `${id}-idle`, type: "session.status_idle", processed_at: iso(0) };
  const event = { ...idle, stop_reason: { type: "end_turn" } };
  await send(request, { source: "push", events: [{ session_id: id, event }] });
  await expect(row).toContainText("Completed");
  expect(await row.boundingBox()).toEqual(before);
});

test("the overview hears of a session that begins", async ({ page }) => {
  await page.goto("/");
  await isLive(page);
  const title = `Just begun ${Date.now()}`;
  await push(`sesn_begun_${Date.now()}`, title);
  await expect(page.getByRole("link", { name: title })).toBeVisible();
});

test("without a stream the page says that it polls, and polls; paused it says so", async ({
  page,
}) => {
  const id = `sesn_polled_${Date.now()}`;
  await push(id, "A polled session");
  await page.route("**/live", (route) => route.fulfill({ status: 503, body: "" }));
  await page.goto(`/sessions/${id}`);
  await says(page, "polling");
  await say(id, "Asked for by the clock.");
  await expect(page.getByText("Asked for by the clock.")).toBeVisible();
  await page.keyboard.press("p");
  await says(page, "paused");
});

test("a page that was hidden catches up when it is looked at again", async ({ page }) => {
  const id = `sesn_hidden_${Date.now()}`;
  await push(id, "A session out of sight");
  await page.goto(`/sessions/${id}`);
  await isLive(page);
  const show = (state: "hidden" | "visible") =>
    page.evaluate((visibility) => {
      Object.defineProperty(document, "visibilityState", { value: visibility, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, state);
  await show("hidden");
  await says(page, "polling");
  await say(id, "Said in the meantime.");
  await show("visible");
  await isLive(page);
  await expect(page.getByText("Said in the meantime.")).toBeVisible();
});

test("the first call of a session moves nothing on its page", async ({ page }) => {
  const id = `sesn_call_${Date.now()}`;
  const { session } = running(id, "A session that has said nothing");
  await send(request, { source: "push", sessions: [session], events: [] });
  await page.goto(`/sessions/${id}`);
  await isLive(page);
  const timeline = page.getByRole("region", { name: "Timeline" });
  await expect(timeline.getByText("Nothing to draw yet")).toBeVisible();
  const before = await timeline.boundingBox();
  const call = eventObject(`${id}-call`, "agent.tool_use", null, { name: "bash", input: {} });
  const event = { ...call, processed_at: iso(0) };
  await send(request, { source: "push", events: [{ session_id: id, event }] });
  await expect(timeline.getByText("Whole")).toBeVisible();
  expect(await timeline.boundingBox()).toEqual(before);
});
