import { parseArgs } from "node:util";
import { commandOrigin, within } from "@/lib/audit/origin";
import { disconnect } from "@/lib/db/client";
import { openDatabase } from "@/lib/db/open";
import { fillDemo, recordCommand, removeDemo, saveProgress } from "@/lib/demo/service";
import { DemoRequest } from "@/lib/demo/state";
import { StartupError } from "@/lib/env";

const USAGE = `npm run demo -- [--days 30] [--sessions 1000] [--seed TEXT]   fill with a simulated fleet
npm run demo -- --remove                                      remove all demo data`;

/** `npm run demo`: fills the first workspace with a simulated fleet, or removes it again. */
export default async function demo(args: string[]): Promise<number> {
  const { remove, request } = readArgs(args);
  const database = await openDatabase();
  const save = saveProgress("default");
  const started = Date.now();
  try {
    await within(commandOrigin("npm run demo"), () =>
      recordCommand("default", remove ? null : request),
    );
    if (remove) {
      const done = await removeDemo("default", save);
      process.stdout.write(`Removed ${done} demo sessions.\n`);
      return 0;
    }
    let shownMs = 0;
    const state = await fillDemo("default", request, Date.now() * 1000, async (now) => {
      await save(now);
      if (Date.now() - shownMs < 1_000 || now.state !== "filling") return;
      shownMs = Date.now();
      process.stdout.write(`${now.done} of ${now.total} sessions, ${now.events} events …\n`);
    });
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    process.stdout.write(`${state.done} sessions with ${state.events} events in ${seconds} s.\n`);
    return 0;
  } finally {
    await disconnect();
    await database.stop();
  }
}

function readArgs(args: string[]): { remove: boolean; request: DemoRequest } {
  try {
    const { values } = parseArgs({
      args,
      options: {
        days: { type: "string" },
        sessions: { type: "string" },
        seed: { type: "string" },
        remove: { type: "boolean", default: false },
      },
    });
    const request = DemoRequest.parse({
      ...(values.days ? { days: Number(values.days) } : {}),
      ...(values.sessions ? { sessions: Number(values.sessions) } : {}),
      ...(values.seed ? { seed: values.seed } : {}),
    });
    return { remove: values.remove, request };
  } catch (error) {
    throw new StartupError(`${(error as Error).message}\n${USAGE}`);
  }
}
