import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { buildIfChanged } from "@/lib/cli/build";
import { tryDisk } from "@/tests/chaos/disk";
import { tryFaults } from "@/tests/chaos/faults";
import { exclusively } from "@/tests/support/database";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "watchkeeper-chaos-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

// The short form of `npm run chaos -- faults disk`: fewer senders and one worker.
const SIZE = { senders: 24, viewers: 6, seconds: 4 };

it("goes on by itself after each of its processes was killed under load, and loses nothing", async () => {
  await exclusively(() => buildIfChanged());
  const rows = await tryFaults(join(folder, "data"), SIZE, { isWhole: false });
  expect(rows.filter(({ met }) => !met)).toEqual([]);
  expect(rows.length).toBeGreaterThan(5);
}, 180_000);

it("takes nothing in while its disk is full, lets everything be read, and goes on when there is space", async () => {
  await exclusively(() => buildIfChanged());
  const rows = await tryDisk(join(folder, "disk"), SIZE);
  // Left out, and so neither, where no disk can be mounted.
  expect(rows.filter(({ met }) => met === false)).toEqual([]);
}, 180_000);
