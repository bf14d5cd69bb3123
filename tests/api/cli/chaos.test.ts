import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { buildIfChanged } from "@/lib/cli/build";
import { tryFaults } from "@/tests/chaos/faults";
import { exclusively } from "@/tests/support/database";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "watchkeeper-chaos-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

// The short form of `npm run chaos -- faults`: fewer senders and one worker.
it("goes on by itself after each of its processes was killed under load, and loses nothing", async () => {
  await exclusively(() => buildIfChanged());
  const size = { senders: 24, viewers: 6, seconds: 0 };
  const rows = await tryFaults(join(folder, "data"), size, { isWhole: false });
  expect(rows.filter(({ met }) => !met)).toEqual([]);
  expect(rows.length).toBeGreaterThan(5);
}, 180_000);
