import { spawnSync } from "node:child_process";
import { mkdir, open, rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Product } from "../bench/product";
import { note, type Row } from "../bench/report";
import { Crowd, pagesReads } from "./crowd";
import {
  answersRow,
  backRow,
  crowdOf,
  lostOf,
  lostRow,
  onProduct,
  type Size,
  secondsUntil,
  takesIn,
} from "./ground";

const DISK_MIB = 700;
const MIB = 1 << 20;
/** What the product keeps for itself begins above this; the file takes the rest but so much. */
const NEARLY_MIB = 120;

/** A disk of its own, in memory, which is filled: nothing is taken in, everything can be read. */
export async function tryDisk(folder: string, size: Size): Promise<Row[]> {
  await mkdir(folder, { recursive: true });
  const mount = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${DISK_MIB}m`, "tmpfs", folder]);
  if (mount.status !== 0) return [leftOut(String(mount.stderr).trim())];
  try {
    return await onProduct(join(folder, "data"), (product) => fillUnder(product, folder, size));
  } finally {
    spawnSync("umount", [folder]);
    await rm(folder, { recursive: true, force: true });
  }
}

async function fillUnder(product: Product, folder: string, size: Size): Promise<Row[]> {
  const crowd = new Crowd(await crowdOf(product, size));
  await secondsUntil(takesIn(crowd, 50), 30);
  const ballast = join(folder, "ballast");
  await fill(folder, ballast, NEARLY_MIB);
  const refused = await secondsUntil(async () => crowd.sent.count(507) > size.senders / 4, 20);
  const reading = await readsEverything(product);
  note("  not a byte is left");
  await fill(folder, ballast, 0);
  await sleep((size.seconds / 4) * 1000);
  const readingStill = await readsEverything(product);
  const taken = crowd.acknowledged.size;
  await sleep(3_000);
  const inMeanwhile = crowd.acknowledged.size - taken;
  await rm(ballast);
  const again = await secondsUntil(takesIn(crowd, 20), 60);
  await crowd.stop();
  note(`  sent: ${crowd.sent}; read: ${crowd.read}`);
  return [
    backRow(
      `a disk (tmpfs, ${DISK_MIB} MiB) fills up: until ingest answers 507 out_of_space`,
      refused,
      20,
    ),
    readingRow("the same: what can be read", reading),
    readingRow("not a byte left on it: what can be read", readingStill),
    {
      measure: "not a byte left on it: requests taken in 3 s",
      value: String(inMeanwhile),
      target: "0",
      met: inMeanwhile === 0,
      figures: { inMeanwhile },
    },
    backRow("space is made: until requests are taken again", again, 60),
    answersRow("a full disk: answers", [crowd.sent, crowd.read]),
    lostRow("a full disk", await lostOf(product.databaseUrl, crowd), crowd),
  ];
}

/** A file of all that is free but so much. */
async function fill(folder: string, file: string, leftMib: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const handle = await open(file, "a");
  const block = Buffer.alloc(MIB, 1);
  for (let left = bavail * bsize - leftMib * MIB; left > 0; left -= MIB)
    // The last block does not fit whole; what does is written.
    await handle.write(block, 0, Math.min(MIB, left)).catch(() => {});
  await handle.close();
}

type Reading = { read: number; of: number };

async function readsEverything(product: Product): Promise<Reading> {
  const paths = pagesReads();
  let read = 0;
  for (const path of paths) {
    const answer = await product.client.get(path).catch(() => null);
    if (answer?.status === 200) read++;
    else note(`  ${path}: ${answer?.status} ${answer?.body.toString().slice(0, 200)}`);
  }
  return { read, of: paths.length };
}

const readingRow = (measure: string, { read, of }: Reading): Row => ({
  ...{ measure, value: `${read} of ${of}`, target: "all", met: read === of },
  figures: { read, of },
});

const leftOut = (reason: string): Row => ({
  ...{ measure: "a full disk", value: `left out: ${reason}`, target: "", met: null, figures: {} },
});
