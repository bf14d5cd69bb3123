import { commandOrigin, within } from "@/lib/audit/origin";
import { createSetupLink } from "@/lib/auth/first-access-service";
import { disconnect } from "@/lib/db/client";
import { openDatabase } from "@/lib/db/open";
import { env } from "@/lib/env";

/** `npm run setup-link`: prints a fresh one-time link into the browser. Whoever can run it is the admin. */
export default async function setupLink(): Promise<void> {
  const database = await openDatabase();
  try {
    const address = env.WATCHKEEPER_PUBLIC_URL ?? `http://localhost:${env.PORT}`;
    const link = await within(commandOrigin("npm run setup-link"), () =>
      createSetupLink("command"),
    );
    process.stdout.write(`${address}${link}\n`);
  } finally {
    await disconnect();
    await database.stop();
  }
}
