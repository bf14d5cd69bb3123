import { expect, inject, it, vi } from "vitest";

/** As a page and a route have it: each its own. */
async function loaded() {
  vi.resetModules();
  return import("@/lib/db/large-text");
}

it("a large text reaches the database also by a client that another bundle has made", async () => {
  const [page, route] = [await loaded(), await loaded()];
  expect(page.Client).not.toBe(route.Client);
  const client = new page.Client(inject("templateUrl").replace(/[^/]+$/, "postgres"));
  await client.connect();
  const text = "x".repeat(10_000);
  const values = [route.largeText(text)];
  const { rows } = await client.query({ text: "select length($1::text) as n", values });
  await client.end();
  expect(rows).toEqual([{ n: text.length }]);
});
