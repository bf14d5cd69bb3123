import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Product } from "../bench/product";
import { note, type Row } from "../bench/report";
import { needPrograms } from "../support/debian";
import { Crowd } from "./crowd";
import {
  answersRow,
  backRow,
  crowdOf,
  lostOf,
  lostRow,
  onProduct,
  type Size,
  secondsUntil,
  secondsUntilAddedUp,
  secondsUntilJudged,
  takesIn,
  verifies,
} from "./ground";

const LIBRARY = "libfaketime.so.1";
const FOLDERS: Record<string, string> = {
  x64: "usr/lib/x86_64-linux-gnu/faketime",
  arm64: "usr/lib/aarch64-linux-gnu/faketime",
};
/** As libfaketime reads them: away from the machine's own clock. */
const JUMPS = [
  { offset: "+2h", words: "two hours on" },
  { offset: "-3h", words: "five hours back" },
  { offset: "+1d", words: "more than a day on" },
  { offset: "+0", words: "to where it was" },
];

/** The clock of every process of the product, its database's too, jumps under load (libfaketime). */
export async function tryClock(dataDir: string, size: Size): Promise<Row[]> {
  const library = needPrograms("libfaketime", [LIBRARY], FOLDERS[process.arch])[LIBRARY];
  const clock = `${dataDir}.clock`;
  const set = (offset: string) => writeFile(clock, `${offset}\n`);
  await mkdir(dirname(clock), { recursive: true });
  await set("+0");
  const env = {
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: clock,
    FAKETIME_NO_CACHE: "1",
    // How long something takes is measured by a clock that never jumps.
    FAKETIME_DONT_FAKE_MONOTONIC: "1",
  };
  const work = async (product: Product) => {
    const crowd = new Crowd(await crowdOf(product, size));
    const rows: Row[] = [];
    await secondsUntil(takesIn(crowd, 20), 30);
    for (const { offset, words } of JUMPS) {
      note(`  the clock goes ${words}`);
      await set(offset);
      const took = await secondsUntil(takesIn(crowd, 100), 30);
      rows.push(backRow(`the clock goes ${words}: until 100 requests more are taken`, took, 15));
      await sleep((size.seconds / JUMPS.length) * 1000);
    }
    await crowd.stop();
    note(`  sent: ${crowd.sent}; read: ${crowd.read}`);
    const judged = await secondsUntilJudged(product.databaseUrl);
    const addedUp = await secondsUntilAddedUp(product.databaseUrl);
    return [
      ...rows,
      answersRow("a clock that jumps: answers", [crowd.sent, crowd.read]),
      lostRow("a clock that jumps", await lostOf(product.databaseUrl, crowd), crowd),
      backRow("a clock that jumps: until every rule of each minute is judged again", judged, 120),
      backRow("a clock that jumps: until all of it is added up", addedUp, 150),
      verifyRow(await verifies(dataDir)),
    ];
  };
  return onProduct(dataDir, work, env);
}

const verifyRow = (isSame: boolean): Row => ({
  measure: "a clock that jumps: npm run verify",
  ...{ value: isSame ? "no differences" : "differences", target: "none", met: isSame },
  figures: {},
});
