import { AxeBuilder } from "@axe-core/playwright";
import { startPlatform } from "../support/platform/server";
import { expect, test } from "./fenced";

test("a workspace is connected by its key, and a wrong key is told at once @phone", async ({
  page,
}) => {
  const platform = await startPlatform({ readsPerMinute: null });
  platform.behaviour = { noNextPage: "whole" };
  await page.goto("/import");
  const panel = page.getByRole("region", { name: "Connect an Anthropic workspace" });
  const another = panel.getByRole("button", { name: "Connect another" });
  await expect(another.or(panel.getByLabel("API key"))).toBeVisible();
  if (await another.isVisible()) await another.click();
  const name = `platform ${Date.now()}`;
  await panel.getByLabel("Name").fill(name);
  await panel.getByLabel("Address").fill(platform.url);
  await panel.getByLabel("API key").fill("sk-ant-wrong-key");
  await panel.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(panel.getByRole("alert")).toContainText("does not know this key");
  await panel.getByLabel("API key").fill(platform.apiKey);
  await panel.getByRole("button", { name: "Connect", exact: true }).click();
  const row = panel.getByRole("listitem").filter({ hasText: name });
  await expect(row).toContainText("Live", { timeout: 20_000 });
  await expect(row).toContainText("of 240 reads in the last minute");
  await expect(row.getByRole("list", { name: "What is missing" })).toContainText(
    "do not say whether there is a next page",
  );
  const found = await new AxeBuilder({ page }).include("main").analyze();
  expect(found.violations).toEqual([]);
  await page.screenshot({ path: `tests/.results/connect-${page.viewportSize()?.width}.png` });
  await row.getByRole("button", { name: "Pause" }).click();
  await expect(row).toContainText("Paused");
  await platform.close();
});
