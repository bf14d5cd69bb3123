import { prisma } from "@/lib/db/client";
import { env, StartupError } from "@/lib/env";
import { hashPassword } from "./accounts";
import { PASSWORD_PROBLEMS, problemOf } from "./passwords";
import { Email } from "./people-schema";
import { countPeople, savePerson } from "./people-store";
import { FIRST_WORKSPACE } from "./schema";

/**
 * The person of `WATCHKEEPER_INIT_EMAIL` and `WATCHKEEPER_INIT_PASSWORD`, as admin, while there is
 * nobody yet. @throws StartupError when the password would not be taken from anybody either
 */
export async function ensureFirstPerson(now: Date): Promise<void> {
  const { WATCHKEEPER_INIT_EMAIL: given, WATCHKEEPER_INIT_PASSWORD: password } = env;
  if (given === undefined || password === undefined) return;
  if ((await countPeople(FIRST_WORKSPACE)) > 0) return;
  const problem = problemOf(password, [given]);
  if (problem) throw new StartupError(`WATCHKEEPER_INIT_PASSWORD: ${PASSWORD_PROBLEMS[problem]}`);
  const email = Email.parse(given);
  const name = email.split("@")[0] ?? email;
  const passwordHash = await hashPassword(password);
  await prisma.$transaction((tx) =>
    savePerson(tx, {
      ...{ workspace: FIRST_WORKSPACE, email, name, role: "admin", passwordHash, now },
    }),
  );
}
