import { join } from "node:path";
import { expect, test } from "./fenced";

const data = (name: string) => join(process.cwd(), "tests/data/managed-agents", name);

test("recorded files come in together, say what was taken, and lead to their session", async ({
  page,
}) => {
  await page.goto("/import");
  await page.getByLabel("Session id").fill("sesn_01PoLyXtMEvXLpqyH1BZxyGj");
  await page
    .getByLabel(/Drop files here/)
    .setInputFiles([
      data("hp-05-coordinator.primary.jsonl"),
      data("hp-05-coordinator.sthr_01LtcRnLENDyxP5RyrbVNP85.jsonl"),
      data("sessions.json"),
    ]);
  const list = page.getByRole("list", { name: "Imported files" });
  await expect(list.getByText("49 events")).toBeVisible();
  await expect(list.getByText("23 events")).toBeVisible();
  await expect(list.getByText(/2 sessions · 1 thread/)).toBeVisible();
  await expect(list.getByText(/\d+ (taken|already here)/)).not.toHaveCount(0);
  await list
    .getByRole("link", { name: /Open sesn_01PoLyXt/ })
    .first()
    .click();
  await expect(page).toHaveURL(/\/sessions\/sesn_01PoLyXtMEvXLpqyH1BZxyGj/);
});

test("a file that does not name its session asks for it", async ({ page }) => {
  await page.goto("/import");
  await page.getByLabel(/Drop files here/).setInputFiles(data("dc-07.primary.jsonl"));
  await page
    .getByLabel("These events do not name their session. Which one is it?")
    .fill("sesn_asked");
  await page.getByRole("button", { name: "Import with this id" }).click();
  await expect(page.getByText("48 taken").or(page.getByText("48 already here"))).toBeVisible();
  await expect(page.getByRole("link", { name: "Open sesn_asked" })).toBeVisible();
});

test("what cannot be taken is said with its place and reason, and spoils nothing", async ({
  page,
}) => {
  await page.goto("/import");
  const lines = [
    JSON.stringify({
      kind: "event",
      session_id: "sesn_partly",
      data: { id: "e1", type: "session.status_running", processed_at: "2026-11-20T10:00:00Z" },
    }),
    "this is not JSON",
    JSON.stringify({
      kind: "event",
      session_id: "sesn_partly",
      data: { id: "e2", type: "session.status_idle", processed_at: "no time at all" },
    }),
  ];
  await page.getByLabel(/Drop files here/).setInputFiles({
    name: "partly.ndjson",
    mimeType: "application/x-ndjson",
    buffer: Buffer.from(lines.join("\n")),
  });
  await expect(page.getByText("1 taken").or(page.getByText("1 already here"))).toBeVisible();
  const problems = page.getByRole("table", { name: "What was rejected, and why" });
  await expect(problems.getByRole("row", { name: /line 2/ })).toContainText("not JSON");
  await expect(problems.getByRole("row", { name: /item 2 \(event\)/ })).toContainText(
    "processed_at",
  );
});
