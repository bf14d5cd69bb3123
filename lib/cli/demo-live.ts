import { parseArgs } from "node:util";
import { StartupError } from "@/lib/env";
import { runLiveDemo } from "@/tests/support/live-demo";

const USAGE =
  "npm run demo:live -- [--sessions 300] [--running 12] [--seed TEXT]   the product on a simulated platform, live";

/** `npm run demo:live`: a simulated platform whose sessions run in real time, and the product reading it. */
export default async function demoLive(args: string[]): Promise<number> {
  await runLiveDemo(readArgs(args));
  return 0;
}

function readArgs(args: string[]) {
  try {
    const text = { type: "string" } as const;
    const options = { sessions: text, running: text, seed: text };
    const { sessions, running, seed } = parseArgs({ args, options }).values;
    return {
      sessions: countOf("sessions", sessions ?? "300", 20_000),
      running: countOf("running", running ?? "12", 200),
      seed: seed ?? "watchkeeper",
    };
  } catch (error) {
    throw new StartupError(`${(error as Error).message}\n${USAGE}`);
  }
}

function countOf(name: string, text: string, most: number): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= most) return count;
  throw new Error(`--${name} ${text}: expected a number from 1 to ${most}`);
}
