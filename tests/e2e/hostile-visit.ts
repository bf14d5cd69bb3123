import { plain } from "@/lib/format";
import { expect, type Page } from "./fenced";
import { allPlanted } from "./hostile-corpus";
import { saidBy, spiltOn, suspectsOn, turnedOn } from "./hostile-look";

/** What was found on a page so far: fields whose words stood there as they were said, and payloads. */
export const seen = { fields: new Set<string>(), kinds: new Set<string>() };

/** Hears of all that a page does because of what it shows. */
export async function watched(page: Page): Promise<string[]> {
  const complaints: string[] = [];
  await page.exposeFunction("owned", () => complaints.push("a script ran"));
  page.on("dialog", (dialog) => {
    complaints.push(`a dialog opened: ${dialog.message()}`);
    return dialog.dismiss();
  });
  page.on("pageerror", (error) => complaints.push(`${error}`));
  page.on("popup", (popup) => complaints.push(`a window opened: ${popup.url()}`));
  page.on("download", (download) => complaints.push(`a download began: ${download.url()}`));
  page.on("console", (message) => {
    // What is not there, or refused, is told in words on the page.
    if (message.type() === "error" && !/^Failed to load resource/.test(message.text()))
      complaints.push(message.text());
  });
  return complaints;
}

/** Looks at a page as it stands. Gives what should not be so. */
export async function lookAt(page: Page): Promise<string[]> {
  const text = await saidBy(page);
  for (const { field, kind, mark, text: planted } of allPlanted()) {
    if (text.includes(mark)) seen.kinds.add(kind);
    const beginning = planted.replace(/\s+/g, " ").slice(0, 24);
    // Within a sentence, signs that steer are seen as �.
    if (text.includes(beginning) || text.includes(plain(beginning))) seen.fields.add(field);
  }
  const found = [suspectsOn, turnedOn, spiltOn].map((look) => look(page));
  return (await Promise.all(found)).flat();
}

type Visit = { page: Page; path: string; widths: readonly number[]; complaints: string[] };

/** Opens a page and looks at it, the narrowest window first. */
async function inspect({ page, path, widths, complaints }: Visit): Promise<void> {
  await page.setViewportSize({ width: widths[0] ?? 360, height: 3_000 });
  await page.goto(path);
  await page.waitForLoadState("networkidle");
  for (const width of widths) {
    await page.setViewportSize({ width, height: 3_000 });
    // A frame for what is placed by script: charts, and lists of which only a window is drawn.
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
    complaints.push(...(await lookAt(page)));
  }
  expect.soft([...new Set(complaints)], path).toEqual([]);
  complaints.length = 0;
}

/** As on a phone, and as on a desk. */
const WIDTHS = [360, 1_440];

/** Several pages of a browser side by side, each with the next of the paths. */
export async function inspectAll(
  pages: Page[],
  paths: string[],
  widths: readonly number[] = WIDTHS,
): Promise<void> {
  const left = [...paths];
  await Promise.all(
    pages.map(async (page) => {
      const complaints = await watched(page);
      for (let path = left.shift(); path; path = left.shift())
        await inspect({ page, path, widths, complaints });
    }),
  );
}
