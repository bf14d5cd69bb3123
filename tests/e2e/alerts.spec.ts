import { type APIRequestContext, expect, type Page, test } from "./fenced";

/** The browser stage is long: one test at a time makes its own rule, and waits for its ticks. */
const TICKS_MS = 120_000;

const settled = (agent: string, index: number, fails: boolean) => {
  const id = `sesn_${agent}_${index}`;
  const at = (second: number) => new Date(Date.now() - 20_000 + second * 1_000).toISOString();
  const event = (name: string, second: number, type: string, more = {}) => ({
    session_id: id,
    event: { id: `${id}-${name}`, type, processed_at: at(second), ...more },
  });
  return {
    session: {
      ...{ id, type: "session", title: `Burst ${index}`, created_at: at(0) },
      agent: { id: agent, name: agent, version: 1, model: { id: "claude-haiku-4-5" } },
    },
    events: [
      event("run", 0, "session.status_running"),
      event("idle", 5, "session.status_idle", {
        stop_reason: { type: fails ? "retries_exhausted" : "end_turn" },
      }),
    ],
  };
};

/** So many sessions of one agent that have just ended, most of them badly. */
async function sendBurst(request: APIRequestContext, origin: string, agent: string) {
  const all = Array.from({ length: 12 }, (_, index) => settled(agent, index, index < 9));
  const answer = await request.post("/api/v1/ingest", {
    headers: { origin },
    data: {
      sessions: all.map(({ session }) => session),
      events: all.flatMap(({ events }) => events),
    },
  });
  expect(answer.status(), await answer.text()).toBe(200);
}

async function makeRule(
  request: APIRequestContext,
  origin: string,
  { name, agent }: { name: string; agent: string },
): Promise<string> {
  const answer = await request.post("/api/v1/rules", {
    headers: { origin },
    data: {
      ...{ name, kind: "ratio", metric: "failure_rate", fire: 0.5, window: "15m" },
      ...{ group_by: ["agent"], filters: { agent: [agent] }, every: "30s", delay: "0s" },
      ...{ min_volume: 10, severity: "high" },
    },
  });
  expect(answer.status(), await answer.text()).toBe(201);
  return (await answer.json()).id;
}

const removeRule = (request: APIRequestContext, origin: string, id: string) =>
  request.delete(`/api/v1/rules/${id}`, { headers: { origin } });

const card = (page: Page, name: string) =>
  page.getByRole("article", { name: new RegExp(`^${name}`) });

test("a ready-made rule is opened, tried on the past, changed and saved", async ({
  page,
  request,
  baseURL,
}) => {
  await page.goto("/alerts/rules?ready=yes");
  const offered = page.getByRole("region", { name: "Ready-made rules" });
  await expect(offered.getByText(/sessions? failed in the last week/).first()).toBeVisible();
  await offered.getByRole("link", { name: "Look at: Session failure rate rises" }).click();
  await expect(page.getByRole("heading", { name: "New rule" })).toBeVisible();
  const history = page.getByRole("region", { name: "History" });
  await expect(history.getByText(/Would (not )?have fired/)).toBeVisible();

  await page.getByLabel("Fires at", { exact: true }).fill("many");
  await expect(page.getByText("expected a value like 20")).toBeVisible();
  await expect(page.getByRole("button", { name: "Save rule" })).toBeDisabled();
  await page.getByLabel("Fires at", { exact: true }).fill("35");
  await page.getByLabel("Recovers at").fill("40");
  await expect(page.getByText(/must lie on the good side of/)).toBeVisible();
  await page.getByLabel("Recovers at").fill("10");
  await page.getByLabel("Window").fill("never");
  await expect(page.getByText(/written like 30s, 2m, 1h or 7d/)).toBeVisible();
  await page.getByLabel("Window").fill("30m");
  await expect(history.getByText(/Would (not )?have fired/)).toBeVisible();
  await page.getByLabel("Least to judge by").fill("1");
  await page.getByLabel("Least that are bad").fill("0");
  const bound = page.getByRole("slider", { name: "Bound it fires at" });
  await bound.press("End");
  await expect(bound).toHaveAttribute("aria-valuetext", /never|episode/);
  await expect(page.getByLabel("Fires at", { exact: true })).not.toHaveValue("35");
  await page.getByLabel("Fires at", { exact: true }).fill("35");
  await page.getByLabel("Name", { exact: true }).fill("Tried before it was saved");
  await expect(page).toHaveURL(/draft=.*Tried/);
  await page.reload();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Tried before it was saved");
  await expect(page.getByLabel("Window")).toHaveValue("30m");
  await page.getByRole("button", { name: "Save rule" }).click();
  await expect(page).toHaveURL(/\/alerts\/rules\/rule_/);
  const id = new URL(page.url()).pathname.split("/").at(-1) ?? "";

  await page.getByLabel("Fires at", { exact: true }).fill("40");
  await expect(history.getByText(/the saved version/)).toBeVisible();
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
  const versions = page.getByRole("region", { name: "Versions" });
  await expect(versions.getByText("Version 2")).toBeVisible();
  await expect(versions.getByText("35 %")).toBeVisible();

  await page.getByRole("button", { name: "Delete…" }).click();
  await page.getByRole("button", { name: "Delete rule" }).click();
  await expect(page).toHaveURL(/\/alerts\/rules$/);
  await expect(page.getByRole("link", { name: "Tried before it was saved" })).toHaveCount(0);
  expect((await request.get(`${baseURL}/api/v1/rules/${id}`)).status()).toBe(404);
});

test("a burst of failures fires, is acknowledged and silenced, and is told as an episode @phone", async ({
  page,
  request,
  baseURL,
}, { project }) => {
  test.setTimeout(TICKS_MS + 60_000);
  const origin = baseURL ?? "";
  const agent = `agent_burst_${project.name}`;
  const name = `Burst on the ${project.name}`;
  await sendBurst(request, origin, agent);
  const id = await makeRule(request, origin, { name, agent });
  await page.goto("/alerts");
  const alert = card(page, name);
  await expect(alert).toContainText("75 %", { timeout: TICKS_MS });
  await expect(alert).toContainText("9 of 12");
  await expect(page).toHaveTitle(/^\(\d+\) Alerts/);
  await alert.getByRole("button", { name: /^Acknowledge/ }).click();
  await expect(alert.getByText(/acknowledged by/)).toBeVisible();
  await alert.getByRole("button", { name: /^Silence/ }).click();
  await page.getByRole("menuitem", { name: "1 hour" }).click();
  await expect(alert.getByText("silenced", { exact: true })).toBeVisible();

  await alert.getByRole("link", { name: /^Open the episode/ }).click();
  await expect(page.getByRole("heading", { name })).toBeVisible();
  const happened = page.getByRole("region", { name: "What happened" });
  await expect(happened.getByText("opened")).toBeVisible();
  await expect(happened.getByText("9 of 12")).toBeVisible();
  await page.getByRole("textbox", { name: "Note" }).fill("The provider was down.");
  await page.getByRole("button", { name: "Add note" }).click();
  await expect(page.getByText("The provider was down.")).toBeVisible();
  const behind = page.getByRole("region", { name: "Sessions behind it" });
  await behind.getByRole("link", { name: "Open the list" }).click();
  await expect(page).toHaveURL(/\/sessions\?.*failed=true/);

  await page.goto("/");
  const attention = page.getByRole("region", { name: "Needs attention" });
  await expect(attention.getByText(name)).toBeVisible();
  await page.goto("/alerts/silences");
  const silence = page.getByRole("listitem").filter({ hasText: `rule is ${name}` });
  await silence.getByRole("button", { name: /^End the silence/ }).click();
  await expect(silence.getByText("Ended", { exact: true })).toBeVisible();
  await removeRule(request, origin, id);
});

test("a channel says field by field what is wrong, and a test shows the receiver's answer", async ({
  page,
}) => {
  await page.goto("/alerts/channels");
  await page.getByRole("button", { name: "New channel" }).first().click();
  const dialog = page.getByRole("dialog", { name: "New channel" });
  await dialog.getByLabel("Kind").selectOption("webhook");
  await dialog.getByLabel("Name").fill("Hook of the browser");
  await dialog.getByLabel("Signing secret").fill("secret");
  await expect(dialog.getByText(/expected a signing secret/)).toBeVisible();
  await dialog.getByRole("button", { name: "Make one" }).click();
  await expect(dialog.getByText(/expected a signing secret/)).toHaveCount(0);
  await dialog.getByLabel("URL").fill("http://127.0.0.1:9/hook");
  await dialog.getByRole("button", { name: "Add channel" }).click();
  await expect(dialog).toHaveCount(0);
  const row = page.getByRole("listitem").filter({ hasText: "Hook of the browser" });
  await row.getByRole("button", { name: /^Send test/ }).click();
  await expect(row.getByText("It was not taken")).toBeVisible();
  await page.goto("/alerts/deliveries");
  await expect(page.getByRole("button", { name: "Hook of the browser: test" })).toBeVisible();
  await page.goto("/alerts/channels");
  await row.getByRole("button", { name: "Remove Hook of the browser" }).click();
  await page.getByRole("button", { name: "Remove channel" }).click();
  await expect(row).toHaveCount(0);
});
