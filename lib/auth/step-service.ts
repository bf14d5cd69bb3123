import { UNKNOWN } from "@/lib/audit/schema";
import { record } from "@/lib/audit/service";
import { prisma } from "@/lib/db/client";
import { judgeCode } from "./code-service";
import { readCookie } from "./cookie";
import { readPerson } from "./people-store";
import { FIRST_WORKSPACE, STEP_COOKIE } from "./schema";
import { claimStep, readStep } from "./second-factor-store";
import { sha256 } from "./secrets";
import { makeSession, recordEntry, type SignedIn } from "./sign-in-service";

/** Who has given the right password in this browser and owes a code; null once that is too long ago. */
export async function readStepOwner(cookieHeader: string | null, now = new Date()) {
  const secret = readCookie(cookieHeader, STEP_COOKIE);
  const hash = secret === null ? null : sha256(secret);
  const step = hash === null ? null : await readStep(hash, now);
  const person = step && (await readPerson({ workspace: FIRST_WORKSPACE, id: step.personId }));
  return hash && person ? { hash, person } : null;
}

/** The second step: a code of the app, or a backup code. `over` when the first one has to be done again. */
export async function signInWithCode(
  text: string,
  headers: Headers,
  now = new Date(),
): Promise<Exclude<SignedIn, { kind: "step" }> | { kind: "over" }> {
  const owner = await readStepOwner(headers.get("cookie"), now);
  if (!owner) return { kind: "over" };
  const { hash, person } = owner;
  const result = await prisma.$transaction(async (tx) => {
    const judged = await judgeCode(tx, { personId: person.id, text, now });
    if (judged.kind !== "taken") return judged;
    if (!(await claimStep(tx, hash, now))) return { kind: "none" as const };
    const owner = { workspace: FIRST_WORKSPACE, keyId: null, personId: person.id };
    return { ...judged, secret: await makeSession(tx, { owner, headers, now }) };
  });
  switch (result.kind) {
    case "taken":
      await recordEntry(result.secret, headers, { reason: result.by });
      return { kind: "in", secret: result.secret, email: person.email };
    case "wrong":
      await record(prisma, FIRST_WORKSPACE, {
        ...{ action: "access.code_refused", actor: UNKNOWN, reason: result.why },
        target: { id: person.id, name: person.email },
      });
      return { kind: "refused" };
    case "wait":
      return result;
    case "none":
      return { kind: "over" };
  }
}
