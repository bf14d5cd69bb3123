import {
  agentObject,
  deploymentObject,
  environmentObject,
  runObject,
} from "@/tests/support/platform/objects";
import { type APIRequestContext, expect, test } from "./fenced";

const ago = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();

/** What a workspace holds beside the sessions of the small fleet. */
async function sendObjects(request: APIRequestContext, origin: string): Promise<void> {
  const mara = (version: number) =>
    agentObject("agent_mara", version, { name: "mara", updated_at: ago(40 - version) });
  const old = { created_at: ago(90), updated_at: ago(90) };
  const networking = { type: "unrestricted" };
  const error = { type: "vault_archived_error", message: "The vault is archived." };
  const answer = await request.post("/api/v1/ingest", {
    headers: { origin },
    data: {
      agents: [mara(1), mara(2), agentObject("agent_idle", 1, { name: "faq-answerer", ...old })],
      environments: [
        environmentObject("env_open", { config: { type: "cloud", networking }, ...old }),
        environmentObject("env_own", old),
      ],
      deployments: [
        deploymentObject("depl_stopped", {
          name: "Nightly report",
          agent: { type: "agent", id: "agent_mara", version: 1 },
          status: "paused",
          paused_reason: { type: "error", error: { type: error.type } },
          vault_ids: ["vlt_crm"],
        }),
        deploymentObject("depl_fine", { name: "A weekly digest" }),
      ],
      deployment_runs: [
        runObject("drun_failed", {
          deployment_id: "depl_stopped",
          created_at: ago(0.1),
          session_id: null,
          error,
        }),
      ],
      vaults: [{ id: "vlt_crm", display_name: "CRM access", archived_at: ago(1), ...old }],
    },
  });
  expect(answer.status(), await answer.text()).toBe(200);
  expect((await answer.json()).rejected).toEqual([]);
}

test.beforeEach(async ({ request, baseURL }) => {
  await sendObjects(request, baseURL ?? "");
});

test("the fleet says what needs somebody, worst first, and leads to the agent @phone", async ({
  page,
}) => {
  await page.goto("/");
  await page.getByRole("navigation").getByRole("link", { name: "Fleet" }).click();
  await expect(page).toHaveURL("/fleet");
  const fleet = page.getByRole("region", { name: "Fleet" });
  await expect(fleet.getByText(/sessions failed \(100 %\): open them/)).toBeVisible();
  await expect(fleet.getByText("No session has ever used it")).toBeVisible();
  const links = fleet.locator("[data-row-link]");
  await expect(links.first()).toHaveText("mara v2");
  await links.first().click();
  await expect(page).toHaveURL("/agents/agent_mara");
});

test("kind, words and order stand in the URL", async ({ page }) => {
  await page.goto("/fleet");
  await page.getByRole("tab", { name: /Deployments/ }).click();
  await expect(page).toHaveURL("/fleet?kind=deployments");
  const table = page.getByRole("table", { name: "Deployment" });
  await expect(table.getByText("The platform paused it (vault archived)")).toBeVisible();
  await expect(table.locator("[data-row-link]")).toHaveText(["Nightly report", "A weekly digest"]);
  await table.getByRole("columnheader", { name: "Deployment" }).getByRole("button").click();
  await expect(page).toHaveURL("/fleet?kind=deployments&sort=name&order=asc");
  await expect(table.locator("[data-row-link]")).toHaveText(["A weekly digest", "Nightly report"]);
  await page.getByRole("searchbox", { name: "Search names and ids" }).fill("weekly");
  await expect(page).toHaveURL(/q=weekly/);
  await page.reload();
  await expect(table.locator("[data-row-link]")).toHaveText(["A weekly digest"]);
  await page.getByRole("searchbox", { name: "Search names and ids" }).fill("nothing like it");
  await page.getByRole("button", { name: "Clear the search" }).click();
  await expect(table.locator("[data-row-link]")).toHaveCount(2);
});

test("environments tell their network, vaults who lost them", async ({ page }) => {
  await page.goto("/fleet?kind=environments");
  const open = page.getByRole("row", { name: /env_open/ });
  await expect(open).toContainText("any host");
  await expect(open).toContainText("limit its network to the hosts they need");
  await expect(page.getByRole("row", { name: /env_own/ })).toContainText("your own machines");
  await page.getByRole("tab", { name: /Vaults and memory/ }).click();
  const vault = page.getByRole("row", { name: /CRM access/ });
  await expect(vault).toContainText(
    "It is archived, and 1 deployment still names it: its runs fail.",
  );
});

test("rows are gone through by keyboard", async ({ page }) => {
  await page.goto("/fleet");
  await expect(page.locator("[data-row-link]").first()).toBeVisible();
  await expect(async () => {
    await page.keyboard.press("j");
    await expect(page.locator("[data-row-link]").first()).toBeFocused({ timeout: 1000 });
  }).toPass();
  await page.keyboard.press("j");
  await expect(page.locator("[data-row-link]").nth(1)).toBeFocused();
  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox", { name: "Search names and ids" })).toBeFocused();
});
