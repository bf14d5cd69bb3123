import { disconnect } from "@/lib/db/client";
import { openDatabase } from "@/lib/db/open";
import { plain } from "@/lib/format";
import { verifyWorkspace } from "@/lib/ingest/verify-service";

/** Differences printed whole; of the rest only the number is told. */
const SHOWN = 20;

/** `npm run verify`: derives everything again from the events and prints the differences. */
export default async function verify(): Promise<number> {
  const database = await openDatabase();
  let differences = 0;
  let shownMs = Date.now();
  try {
    const count = await verifyWorkspace(
      "default",
      ({ sessionId, what, stored, derived }) => {
        differences++;
        if (differences <= SHOWN)
          process.stdout.write(
            plain(`${sessionId} ${what}\n  stored  ${stored}\n  derived ${derived}\n`),
          );
      },
      (sessions, events) => {
        if (Date.now() - shownMs < 2_000) return;
        shownMs = Date.now();
        process.stdout.write(`${sessions} sessions, ${events} events …\n`);
      },
    );
    const found = differences === 0 ? "no differences" : `${differences} differences`;
    process.stdout.write(`${count.sessions} sessions, ${count.events} events: ${found}.\n`);
    return differences === 0 ? 0 : 1;
  } finally {
    await disconnect();
    await database.stop();
  }
}
