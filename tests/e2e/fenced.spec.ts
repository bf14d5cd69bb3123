import { expect, test } from "./fenced";

const OTHERS = ["https://example.com/", "http://192.0.2.1/pixel.png", "http://127.0.0.1:9/hook"];

test("the browser of these tests reaches nobody else, and a try is noticed", async ({
  page,
  elsewhere,
}) => {
  const reached = await page.evaluate(async (addresses) => {
    const answers = addresses.map((address) => fetch(address, { mode: "no-cors" }));
    return (await Promise.allSettled(answers)).map(({ status }) => status);
  }, OTHERS);
  expect(reached).toEqual(["rejected", "rejected", "rejected"]);
  expect(elsewhere.sort()).toEqual([...OTHERS].sort());
  elsewhere.length = 0;
});

test("what the content policy stops counts as a try", async ({ page, elsewhere }) => {
  await page.goto("/");
  await page.evaluate(() => fetch("https://example.com/").catch(() => {}));
  await expect.poll(() => elsewhere.join()).toContain("https://example.com/");
  elsewhere.length = 0;
});
