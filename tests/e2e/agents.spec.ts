import { agentObject, sessionObject } from "../support/platform/objects";
import { type APIRequestContext, expect, test } from "./fenced";

// Long before the fleet of the other tests, whose figures must not change.
const DAY = "2026-05-04";
const RANGE = `from=${DAY}T00%3A00%3A00.000Z&to=2026-05-05T00%3A00%3A00.000Z`;
const SYSTEM = { 1: "Be brief.\nBe kind.", 2: "Be brief.\nBe quick." } as const;

/** A session of one version; every second of the newer one fails, the first three need no sandbox. */
function made(version: 1 | 2, index: number) {
  const id = `sesn_nova${version}_${index}`;
  const start = Date.parse(`${DAY}T0${version}:00:00Z`) + index * 60_000;
  const at = (second: number) => new Date(start + second * 1000).toISOString();
  const event = (name: string, second: number, type: string, more: object = {}) => ({
    session_id: id,
    event: { id: `${id}-${name}`, type, processed_at: at(second), ...more },
  });
  const isShort = version === 2 && index < 3;
  const fails = version === 2 && index % 2 === 0;
  const agent = agentObject("agent_nova", version, {
    name: "nova",
    system: SYSTEM[version],
    tools: version === 1 ? [] : [{ type: "custom", name: "refund" }],
  });
  return {
    session: sessionObject(id, "", { agent, created_at: at(0), updated_at: at(50) }),
    events: [
      event("run", 0, "session.status_running"),
      event("start", 1, "span.model_request_start"),
      event("end", 2, "span.model_request_end", {
        model_request_start_id: `${id}-start`,
        model_usage: { input_tokens: 10_000 + 100 * index, output_tokens: 10 },
      }),
      ...(isShort
        ? []
        : [
            event("use", 3, "agent.tool_use", { name: "bash", input: {} }),
            event("result", 4, "agent.tool_result", { tool_use_id: `${id}-use` }),
          ]),
      event("idle", isShort ? 9 : 50, "session.status_idle", {
        stop_reason: { type: fails ? "retries_exhausted" : "end_turn" },
      }),
    ],
  };
}

async function send(request: APIRequestContext, origin: string): Promise<void> {
  const sessions = ([1, 2] as const).flatMap((version) =>
    Array.from({ length: 40 }, (_, index) => made(version, index)),
  );
  const answer = await request.post("/api/v1/ingest", {
    headers: { origin },
    data: {
      sessions: sessions.map(({ session }) => session),
      events: sessions.flatMap(({ events }) => events),
    },
  });
  expect(answer.status(), await answer.text()).toBe(200);
  expect((await answer.json()).rejected).toEqual([]);
}

test.beforeEach(async ({ request, baseURL }) => {
  await send(request, baseURL ?? "");
});

test("a worse version is called worse, with what was changed and how to go back @phone", async ({
  page,
}) => {
  await page.goto(`/agents?${RANGE}`);
  await page.getByRole("searchbox", { name: "Search names and ids" }).fill("nova");
  await expect(page).toHaveURL(/q=nova/);
  const row = page.getByRole("table", { name: "Agents" }).getByRole("row", { name: /nova/ });
  await expect(row).toContainText("25 %");
  await expect(row).toContainText("20/80");
  await row.getByRole("link", { name: "nova" }).click();
  await expect(page.getByRole("heading", { name: /nova/ })).toBeVisible();
  const compare = page.getByRole("region", { name: "Compare versions" });
  await expect(compare.getByText(/v2 is worse than v1: it fails more often/)).toBeVisible();
  const changes = compare.getByRole("region", { name: "Configuration" });
  await expect(changes.getByText("Be quick.")).toBeVisible();
  await expect(changes.getByText("refund", { exact: true })).toBeVisible();
  const figures = compare.getByRole("table", { name: "Figures of both versions" });
  const rate = figures.getByRole("row", { name: /Failure rate/ });
  await expect(rate).toContainText("+50 points");
  await expect(rate).toContainText("of 40");
  await expect(compare.getByText('id: "agent_nova", version: 1')).toBeVisible();
  await expect(compare.getByText(/90 days/)).toBeVisible();
  await compare.getByRole("button", { name: "curl" }).click();
  await expect(compare.getByText("anthropic-beta: managed-agents-2026-04-01")).toBeVisible();
});

test("any two versions are compared by the URL, and lines mark when they came", async ({
  page,
}) => {
  await page.goto(`/agents/agent_nova?${RANGE}&base=2&version=1`);
  const compare = page.getByRole("region", { name: "Compare versions" });
  await expect(compare.getByText(/v1 is better than v2/)).toBeVisible();
  await expect(compare.getByRole("region", { name: "Advice" })).toHaveCount(0);
  await expect(compare.getByLabel("Compare version")).toHaveValue("2");
  for (const name of ["Failure rate over time", "Turn p95 by version over time"])
    await expect(page.getByRole("figure", { name }).getByText("v2", { exact: true })).toBeVisible();
  await page.goto(`/costs?${RANGE}&agent=agent_nova`);
  const cost = page.getByRole("figure", { name: "Cost by meter over time" });
  await expect(cost.getByText("v2", { exact: true })).toBeVisible();
});

test("sessions that need no sandbox are named with what they would save", async ({ page }) => {
  await page.goto(`/agents/agent_nova?${RANGE}`);
  const candidates = page.getByRole("region", { name: "Candidates for the Messages API" });
  await expect(candidates).toContainText("3 sessions of 80 (3.8 %) ended within 30 s");
  await candidates.getByRole("link", { name: "Show them" }).click();
  await expect(page).toHaveURL(/max_duration_ms=30000&sandbox=false/);
  await expect(page.getByRole("link", { name: /sesn_nova2_/ })).toHaveCount(3);
  await page.getByRole("button", { name: "Remove the filter Sandbox" }).click();
  await expect(page).not.toHaveURL(/sandbox/);
});

test("an agent that nobody knows is said to be unknown", async ({ page }) => {
  await page.goto("/agents/agent_nobody");
  await expect(page.getByText("There is no such agent")).toBeVisible();
  await page.getByRole("link", { name: "All agents" }).click();
  await expect(page).toHaveURL("/agents");
});
