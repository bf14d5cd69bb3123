import { AxeBuilder } from "@axe-core/playwright";
import { expect, test } from "./fenced";

const MODEL = "claude-priced-by-hand";

test("an unknown model gets a price, history is re-priced as the preview said, and it is undone", async ({
  page,
  baseURL,
}) => {
  test.slow();
  const at = (ms: number) => new Date(Date.now() - 3_600_000 + ms).toISOString();
  const id = "sesn_by_hand";
  const event = (name: string, ms: number, type: string, more = {}) => ({
    session_id: id,
    event: { id: `${id}-${name}`, type, processed_at: at(ms), ...more },
  });
  const agent = { type: "agent", id: "agent_by_hand", name: "by hand", version: 1 };
  const answer = await page.request.post("/api/v1/ingest", {
    headers: { origin: baseURL ?? "" },
    data: {
      source: "sdk",
      sessions: [
        {
          id,
          type: "session",
          created_at: at(0),
          status: "idle",
          agent: { ...agent, model: MODEL },
        },
      ],
      events: [
        event("run", 0, "session.status_running"),
        event("start", 1, "span.model_request_start"),
        event("end", 2, "span.model_request_end", {
          model_request_start_id: `${id}-start`,
          model_usage: { input_tokens: 2_000_000, output_tokens: 100_000 },
        }),
        event("idle", 3, "session.status_idle", { stop_reason: { type: "end_turn" } }),
      ],
    },
  });
  expect(await answer.json()).toMatchObject({ rejected: [] });

  await page.goto("/costs?agent=agent_by_hand");
  await page.getByRole("link", { name: `Add price of ${MODEL}` }).click();
  const form = page.getByRole("region", { name: "Own terms" });
  await expect(form.getByLabel("Model", { exact: true })).toHaveValue(MODEL);
  await expect(form.getByLabel("Input", { exact: true })).toBeFocused();
  const save = form.getByRole("button", { name: "Save" });
  await page.keyboard.type("2.5.1");
  const wrong = form.getByText("expected dollars like 2.50");
  await expect(wrong).toHaveCount(1);
  await save.click();
  await expect(wrong).toHaveCount(5);
  await form.getByLabel("Input", { exact: true }).fill("2.5");
  for (const column of ["Cache write 5 min", "Cache write 1 h", "Cache read"])
    await form.getByLabel(column).fill("0");
  await form.getByLabel("Output").fill("10");
  await form.getByLabel("Note").fill("by hand");
  await save.click();

  await expect(page.getByRole("status").getByText(/Saved as version \d+/)).toBeVisible();
  const history = page.getByRole("region", { name: "Re-price history" });
  await history.getByRole("button", { name: "Preview" }).click();
  const row = history
    .getByRole("table", { name: "What re-pricing changes by agent" })
    .getByRole("row", { name: /^by hand/ });
  // Two million tokens at $2.50 and a hundred thousand at $10.
  await expect(row).toContainText("+$6.00", { timeout: 60_000 });
  await expect(row).toContainText("2.1M → 0");
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  await history.getByRole("button", { name: /^Re-price/ }).click();
  await expect(history).toContainText("Re-pricing has changed", { timeout: 60_000 });

  const versions = page.getByRole("region", { name: "Versions" });
  await versions.getByRole("button", { name: /by hand/ }).click();
  await expect(versions).toContainText(`${MODEL}, always`);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(history).toContainText("with other prices than now hold");
  await page.goto("/costs?agent=agent_by_hand");
  await expect(page.getByRole("link", { name: /^Cost, computed/ })).toContainText("$6.00");
});
