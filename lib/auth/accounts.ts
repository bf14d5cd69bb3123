import { betterAuth } from "better-auth";
import { hashPassword, verifyPassword } from "better-auth/crypto";
import { env } from "@/lib/env";
import { accountTables } from "./accounts-store";
import { deriveSecret } from "./master-keys";
import { MOST_CHARACTERS } from "./passwords";
import { SESSION_DAYS } from "./schema";
import { newId } from "./secrets";

/** How a sign-in tells better-auth the browser's address, once it is known which header to believe. */
export const ADDRESS_HEADER = "x-watchkeeper-address";

const PREFIXES: Record<string, string> = {
  ...{ user: "pers", account: "acct", session: "brws", verification: "vrfy" },
};

async function make() {
  return betterAuth({
    appName: "Watchkeeper",
    baseURL: env.WATCHKEEPER_PUBLIC_URL ?? `http://localhost:${env.PORT}`,
    secret: await deriveSecret("accounts"),
    database: accountTables(),
    user: { modelName: "person" },
    account: { modelName: "personAccount", fields: { userId: "personId" } },
    verification: { modelName: "personVerification" },
    session: {
      modelName: "browserSession",
      fields: { token: "hash", userId: "personId" },
      expiresIn: SESSION_DAYS * 24 * 3600,
    },
    // Nobody signs up by themselves: people are invited.
    emailAndPassword: { enabled: true, disableSignUp: true, maxPasswordLength: MOST_CHARACTERS },
    advanced: {
      database: { generateId: ({ model }) => newId(PREFIXES[model] ?? model) },
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER], ipv6Subnet: 128 },
    },
    // Attempts are counted by `attempts`; what goes wrong is told by our own log; nothing leaves here.
    rateLimit: { enabled: false },
    logger: { disabled: true },
    telemetry: { enabled: false },
  });
}

type Accounts = Awaited<ReturnType<typeof make>>;

// One for the process, also where the bundler gives each route its own copy of this module.
const kept = globalThis as { watchkeeperAccounts?: Promise<Accounts> };

/** better-auth on our tables: passwords and the sessions of people. Made at the first sign-in. */
export function accounts(): Promise<Accounts> {
  kept.watchkeeperAccounts ??= make().catch((error: unknown) => {
    kept.watchkeeperAccounts = undefined;
    throw error;
  });
  return kept.watchkeeperAccounts;
}

export { hashPassword, verifyPassword };
