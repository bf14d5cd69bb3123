import { spawn } from "node:child_process";
import { once } from "node:events";
import { childEnv } from "@/lib/env";
import { whole } from "./figures";
import type { Product } from "./product";
import { note, type Row } from "./report";

const RATE = 15_000;

/** `npm run verify` over everything that was sent to the installation, from its start to its end. */
export async function measureVerify(product: Product): Promise<Row[]> {
  const began = performance.now();
  const child = spawn(process.execPath, ["lib/cli/boot.mjs", "verify"], {
    stdio: ["ignore", "pipe", "inherit"],
    env: childEnv({ DATABASE_URL: product.databaseUrl, DATABASE_DIRECT_URL: "" }),
  });
  let told = "";
  child.stdout.on("data", (chunk: Buffer) => {
    told += chunk.toString();
  });
  await once(child, "close");
  const seconds = (performance.now() - began) / 1000;
  const [last = ""] = told.trim().split("\n").slice(-1);
  note(last);
  const [, events = "0"] = /(\d+) events: no differences/.exec(last) ?? [];
  const rate = Number(events) / seconds;
  return [
    {
      measure: `verify of ${whole(Number(events))} events`,
      value: Number(events) > 0 ? `${whole(rate)} events/s, no differences` : last,
      target: `≥ ${whole(RATE)} events/s`,
      met: rate >= RATE,
      figures: { eventsPerSecond: rate, events: Number(events) },
    },
  ];
}
