import { record } from "@/lib/audit/service";
import { prisma } from "@/lib/db/client";
import { env, StartupError } from "@/lib/env";
import { hashPassword } from "./accounts";
import { keyRow } from "./keys-service";
import { countAdminKeys, saveKeyOnce } from "./keys-store";
import { problemOf } from "./password-service";
import { PASSWORD_PROBLEMS } from "./passwords";
import { Email } from "./people-schema";
import { countPeople, savePerson } from "./people-store";
import { FIRST_WORKSPACE, SETUP_LINK_HOURS } from "./schema";
import { newSecret, sha256 } from "./secrets";
import { deleteStartLink, saveSetupLink, saveWorkspaceOnce } from "./store";

const HOUR_MS = 3_600_000;
const BY_ENVIRONMENT = "as the environment has it";

/**
 * Makes the first way in, after migrations: the first workspace, the key of
 * `WATCHKEEPER_INIT_API_KEY`, the person of `WATCHKEEPER_INIT_EMAIL`, and, while nobody can come in yet,
 * a one-time link. Returns that link's path, or null when it is not needed.
 */
export async function ensureFirstAccess(now = new Date()): Promise<string | null> {
  await saveWorkspaceOnce(FIRST_WORKSPACE);
  await ensureFirstKey(now);
  await ensureFirstPerson(now);
  if ((await countPeople(FIRST_WORKSPACE)) === 0 && (await countAdminKeys(now)) === 0)
    return createSetupLink("start", now);
  await deleteStartLink(prisma, FIRST_WORKSPACE);
  return null;
}

async function ensureFirstKey(now: Date): Promise<void> {
  const given = env.WATCHKEEPER_INIT_API_KEY;
  if (given === undefined) return;
  const row = keyRow(given, {
    ...{ workspace: FIRST_WORKSPACE, name: "WATCHKEEPER_INIT_API_KEY", scopes: ["admin"] },
    ...{ createdAt: now, createdBy: "", createdById: null },
    ...{ expiresAt: null, addresses: [], ratePerMinute: null },
  });
  await prisma.$transaction(async (tx) => {
    if (!(await saveKeyOnce(row, tx))) return;
    const after = { scopes: row.scopes };
    await record(tx, FIRST_WORKSPACE, {
      ...{ action: "key.created", target: row, after, reason: BY_ENVIRONMENT },
    });
  });
}

/**
 * The person of `WATCHKEEPER_INIT_EMAIL` and `WATCHKEEPER_INIT_PASSWORD`, as admin, while there is
 * nobody yet. @throws StartupError when the password would not be taken from anybody either
 */
async function ensureFirstPerson(now: Date): Promise<void> {
  const { WATCHKEEPER_INIT_EMAIL: given, WATCHKEEPER_INIT_PASSWORD: password } = env;
  if (given === undefined || password === undefined) return;
  if ((await countPeople(FIRST_WORKSPACE)) > 0) return;
  const problem = await problemOf(password, [given]);
  if (problem) throw new StartupError(`WATCHKEEPER_INIT_PASSWORD: ${PASSWORD_PROBLEMS[problem]}`);
  const email = Email.parse(given);
  const name = email.split("@")[0] ?? email;
  const passwordHash = await hashPassword(password);
  await prisma.$transaction(async (tx) => {
    const saved = await savePerson(tx, {
      ...{ workspace: FIRST_WORKSPACE, email, name, role: "admin", passwordHash, now },
    });
    await record(tx, FIRST_WORKSPACE, {
      ...{ action: "person.joined", target: { id: saved.id, name: email } },
      ...{ after: { role: "admin" }, reason: BY_ENVIRONMENT },
    });
  });
}

/**
 * A fresh one-time link's path; an earlier one stops working. One that a start has printed ends as soon
 * as somebody has come in some other way, for logs are read by many.
 */
export async function createSetupLink(by: "start" | "command", now = new Date()): Promise<string> {
  const token = newSecret();
  const expiresAt = new Date(now.getTime() + SETUP_LINK_HOURS * HOUR_MS);
  await prisma.$transaction(async (tx) => {
    await saveSetupLink({ workspace: FIRST_WORKSPACE, hash: sha256(token), expiresAt, by }, tx);
    const after = { expires_at: expiresAt.toISOString() };
    await record(tx, FIRST_WORKSPACE, { action: "access.link_made", after, reason: `by ${by}` });
  });
  return `/setup?token=${token}`;
}
