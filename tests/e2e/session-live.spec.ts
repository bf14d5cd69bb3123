import { type APIRequestContext, expect, test } from "./fenced";
import { send, signedIn } from "./session-fixtures";

let request: APIRequestContext;

test.beforeEach(async ({ playwright, baseURL }) => {
  request = await signedIn(playwright, baseURL);
});
test.afterEach(() => request.dispose());

/** Messages `from` to `to` of a running session, a second apart, the last one now. */
function messages(sessionId: string, from: number, to: number) {
  const now = Date.now();
  return Array.from({ length: to - from + 1 }, (_, at) => ({
    session_id: sessionId,
    session_thread_id: null,
    event: {
      id: `${sessionId}-${from + at}`,
      type: "agent.message",
      processed_at: new Date(now - (to - from - at) * 100).toISOString(),
      content: [{ type: "text", text: `Step number ${from + at} is done.` }],
    },
  }));
}

async function begin(sessionId: string): Promise<void> {
  const created = new Date(Date.now() - 60_000).toISOString();
  await send(request, {
    source: "push",
    sessions: [
      {
        id: sessionId,
        type: "session",
        title: "A running session",
        status: "running",
        agent: { id: "agent_live", name: "runner", version: 1, model: { id: "claude-haiku-4-5" } },
        metadata: {},
        usage: {},
        stats: {},
        created_at: created,
        updated_at: created,
        archived_at: null,
      },
    ],
    events: [
      {
        session_id: sessionId,
        session_thread_id: null,
        event: { id: `${sessionId}-run`, type: "session.status_running", processed_at: created },
      },
      ...messages(sessionId, 1, 40),
    ],
  });
}

test("a running session grows while it is read, without moving what is read", async ({ page }) => {
  const id = `sesn_live_${Date.now()}`;
  await begin(id);
  await page.goto(`/sessions/${id}`);
  const list = page.getByRole("list", { name: "Transcript" });
  await expect(page.locator("header", { hasText: "A running session" })).toContainText("Running");
  const first = list.getByText("Step number 1 is done.");
  await expect(first).toBeInViewport();
  const before = await first.boundingBox();
  await send(request, { source: "push", events: messages(id, 41, 60) });
  await expect(page.getByText("61 events, all of them")).toBeVisible();
  expect(await first.boundingBox()).toEqual(before);
});

test("following sticks to the end until the reader scrolls up", async ({ page }) => {
  const id = `sesn_follow_${Date.now()}`;
  await begin(id);
  await page.goto(`/sessions/${id}`);
  const list = page.getByRole("list", { name: "Transcript" });
  const follow = page.getByRole("checkbox", { name: "Follow" });
  await follow.check();
  await expect(list.getByText("Step number 40 is done.")).toBeInViewport();
  await send(request, { source: "push", events: messages(id, 41, 50) });
  await expect(list.getByText("Step number 50 is done.")).toBeInViewport();
  const box = await list.boundingBox();
  await page.mouse.move((box?.x ?? 0) + 300, 700);
  await page.mouse.wheel(0, -300);
  await expect(follow).not.toBeChecked();
});

test("a message nobody has taken in yet stands last, as queued", async ({ page }) => {
  const id = `sesn_queued_${Date.now()}`;
  await begin(id);
  await send(request, {
    source: "push",
    events: [
      {
        session_id: id,
        session_thread_id: null,
        event: {
          id: `${id}-queued`,
          type: "user.message",
          processed_at: null,
          content: [{ type: "text", text: "And one more thing." }],
        },
      },
    ],
  });
  await page.goto(`/sessions/${id}?read=end`);
  const last = page.getByRole("list", { name: "Transcript" }).getByRole("listitem").last();
  await expect(last).toContainText("And one more thing.");
  await expect(last).toContainText("queued: not taken in yet");
});
