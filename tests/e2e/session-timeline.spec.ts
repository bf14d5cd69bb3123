import { expect, type Page, test } from "./fenced";
import { HP05, sendRecorded, signedIn } from "./session-fixtures";

test.beforeAll(async ({ playwright, baseURL }) => {
  const request = await signedIn(playwright, baseURL);
  await sendRecorded(request);
  await request.dispose();
});

const transcript = (page: Page) => page.getByRole("list", { name: "Transcript" });
const inspector = (page: Page) => page.getByRole("complementary", { name: "Selected event" });

test("a replayed instant hides what came later, in every panel", async ({ page }) => {
  await page.goto(`/sessions/${HP05}?at=2026-09-05T04:01:33.500000Z`);
  await expect(transcript(page).getByText("no answer yet")).toBeVisible();
  await expect(transcript(page).getByText("Turn 2")).toHaveCount(0);
  await expect(page.getByRole("region", { name: "Replay" })).toContainText("04:01:33");
  await page.getByRole("tab", { name: /^Spans/ }).click();
  await expect(page.getByText("6 spans, all of them")).toBeVisible();
  await page.getByRole("button", { name: "Back to the present" }).click();
  await expect(page).not.toHaveURL(/[?&]at=/);
  await expect(page.getByText("16 spans, all of them")).toBeVisible();
});

test("space plays the session from its start to its end", async ({ page }) => {
  await page.goto(`/sessions/${HP05}`);
  await expect(transcript(page).getByText("Turn 1")).toBeVisible();
  await page.getByRole("combobox", { name: "Speed" }).selectOption("64");
  await page.getByRole("heading", { level: 1 }).click();
  await page.keyboard.press("Space");
  await expect(page).toHaveURL(/at=2026-09-05T04%3A01%3A44/);
  await expect(transcript(page).getByText("session idle: end of turn")).toBeVisible();
});

test("the zoomed window stands in the URL and survives a reload", async ({ page }) => {
  await page.goto(`/sessions/${HP05}`);
  const zoomIn = page.getByRole("button", { name: "Zoom in" });
  await zoomIn.click();
  await expect(page).toHaveURL(/zoom=2026-09-05/);
  const url = page.url();
  await page.reload();
  await expect(page).toHaveURL(url);
  await page.getByRole("button", { name: "Fit" }).click();
  await expect(page).not.toHaveURL(/zoom=/);
});

test("the strip is brushed, the wheel zooms, a click on a bar selects its call", async ({
  page,
}) => {
  await page.goto(`/sessions/${HP05}`);
  const timeline = page.getByRole("region", { name: "Timeline" });
  await expect(timeline.locator("canvas")).toHaveCount(3);
  const [strip, , lanes] = await timeline.locator("canvas").all();
  const box = await strip?.boundingBox();
  if (!box || !lanes) throw new Error("the timeline is not drawn");
  const at = (share: number) => box.x + box.width * share;
  // The call of draft_requisition lasts from 11.2 s to 12.3 s of 19.4 s.
  await page.mouse.move(at(0.5), box.y + 10);
  await page.mouse.down();
  await page.mouse.move(at(0.6), box.y + 10, { steps: 4 });
  await page.mouse.move(at(0.7), box.y + 10, { steps: 4 });
  await page.mouse.up();
  await expect(page).toHaveURL(/zoom=2026-09-05T04%3A01%3A34\.\d+Z%7E2026-09-05T04%3A01%3A38/);

  const area = await lanes.boundingBox();
  if (!area) throw new Error("the lanes are not drawn");
  // Of the window from 9.7 s to 13.6 s the call takes the middle; it runs in the child's second track.
  const callX = area.x + area.width * 0.52;
  const callY = area.y + 22 + 4 + 16 + 7;
  await page.mouse.move(callX, callY);
  await expect(timeline.getByText("draft_requisition")).toBeVisible();
  await page.mouse.click(callX, callY);
  await expect(page).toHaveURL(/event=sevt_019otfkToXoC268k17SEkfJM/);
  await expect(inspector(page)).toContainText("draft_requisition");

  const before = new URL(page.url()).searchParams.get("zoom");
  await page.mouse.wheel(0, -300);
  await expect.poll(() => new URL(page.url()).searchParams.get("zoom")).not.toBe(before);
});
