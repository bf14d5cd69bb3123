import { AuthorizationResponseError } from "openid-client";
import { UNKNOWN } from "@/lib/audit/schema";
import { record } from "@/lib/audit/service";
import { FIRST_WORKSPACE } from "@/lib/auth/schema";
import { makeSession, recordEntry } from "@/lib/auth/sign-in-service";
import { prisma } from "@/lib/db/client";
import { env } from "@/lib/env";
import { logger } from "@/lib/http/logger";
import { findOutboundError } from "@/lib/http/outbound-error";
import { admitPerson } from "./admission-service";
import { openAttempt, sealAttempt } from "./attempt-service";
import { type Identity, identityOf } from "./identity";
import { begin, type Provider, redeem } from "./provider-service";
import type { Attempt, Refusal } from "./schema";

export const ATTEMPT_MINUTES = 10;
const MINUTE_MS = 60_000;

export type Started =
  | { kind: "gone"; url: URL; sealed: string }
  | { kind: "refused"; why: Refusal };
export type Finished =
  | { kind: "in"; secret: string; next: string }
  | { kind: "refused"; why: Refusal; next: string };

/** Where the browser is to go, and what it keeps meanwhile. */
export async function startSignIn(
  provider: Provider,
  next: string,
  now = new Date(),
): Promise<Started> {
  try {
    const { url, ...secrets } = await begin(provider);
    const endsAt = now.getTime() + ATTEMPT_MINUTES * MINUTE_MS;
    return { kind: "gone", url, sealed: await sealAttempt({ ...secrets, next, endsAt }) };
  } catch (error) {
    return { kind: "refused", why: refusalOf(error) };
  }
}

type Back = { query: URLSearchParams; sealed: string | null; headers: Headers };

/** Somebody comes back from the provider, with what the browser kept. */
export async function finishSignIn(
  provider: Provider,
  { query, sealed, headers }: Back,
  now = new Date(),
): Promise<Finished> {
  const attempt = await openAttempt(sealed, now);
  const next = attempt?.next ?? "/";
  if (attempt === null || query.get("state") !== attempt.state)
    return { ...(await refuse(provider, "mixed_up", null)), next };
  const identity = await identify(provider, query, attempt);
  if (typeof identity === "string") return { ...(await refuse(provider, identity, null)), next };
  const admitted = await prisma.$transaction((tx) =>
    admitPerson(tx, { issuer: provider.issuer, identity, now }),
  );
  if ("refused" in admitted)
    return { ...(await refuse(provider, admitted.refused, identity.email)), next };
  const owner = { workspace: FIRST_WORKSPACE, keyId: null, personId: admitted.personId };
  const secret = await makeSession(prisma, { owner, headers, now, byProvider: true });
  await recordEntry(secret, headers, { reason: `by ${provider.name}`, after: { how: "oidc" } });
  return { kind: "in", secret, next };
}

async function identify(
  provider: Provider,
  query: URLSearchParams,
  attempt: Attempt,
): Promise<Identity | Refusal> {
  try {
    const claims = await redeem(provider, query, attempt);
    return identityOf(claims, env.WATCHKEEPER_OIDC_ROLE_CLAIM ?? null);
  } catch (error) {
    return refusalOf(error);
  }
}

/** What went wrong, for the page; what exactly, for whoever runs the server. */
function refusalOf(error: unknown): Refusal {
  if (error instanceof AuthorizationResponseError && error.error === "access_denied")
    return "denied";
  const outbound = findOutboundError(error);
  const { name, code } = Object(error) as { name?: string; code?: string };
  logger.warn({ errorName: name, code, reason: outbound?.message }, "sign-in by OIDC");
  return outbound ? "down" : "failed";
}

/** Recorded, unless the provider could not even be asked. */
async function refuse(provider: Provider, why: Refusal, email: string | null) {
  if (why !== "down")
    await record(prisma, FIRST_WORKSPACE, {
      ...{ action: "access.refused", actor: UNKNOWN, target: { id: null, name: email } },
      ...{ reason: `by ${provider.name}: ${why}`, after: { how: "oidc" } },
    });
  return { kind: "refused" as const, why };
}
