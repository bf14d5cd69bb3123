import { record } from "@/lib/audit/service";
import { countAttempt } from "@/lib/auth/attempts-service";
import { writeLink } from "@/lib/auth/link-service";
import { readPasswordHash, readPerson, readPersonByEmail } from "@/lib/auth/people-store";
import { FIRST_WORKSPACE } from "@/lib/auth/schema";
import { prisma } from "@/lib/db/client";
import { env } from "@/lib/env";
import { clientAddress } from "@/lib/http/client-address";
import { logger } from "@/lib/http/logger";
import { type ChannelRow, readLinkCarrier } from "./channel-store";
import { sendMail } from "./channels/email";

/** A mailbox is not as safe a place as an admin's hand. */
const LINK_HOURS = 1;

/** Whether an admin has chosen a channel for it. */
export async function canMail(): Promise<boolean> {
  return (await readLinkCarrier(FIRST_WORKSPACE)) !== null;
}

/**
 * Mails a link for a new password to whoever has that address, if anybody does. It answers before it
 * has looked, so that nobody learns from the time it takes who is here.
 */
export async function requestPasswordMail(email: string, headers: Headers): Promise<void> {
  const attempt = { email: `mail to ${email}`, address: clientAddress(headers) };
  if ((await countAttempt(attempt)) !== null) return;
  mailLink(email).catch((error: unknown) => {
    logger.error(
      { errorName: error instanceof Error ? error.name : typeof error },
      "password mail",
    );
  });
}

async function mailLink(email: string, now = new Date()): Promise<void> {
  const [channel, known] = await Promise.all([
    readLinkCarrier(FIRST_WORKSPACE),
    readPersonByEmail(email),
  ]);
  const person = known && (await readPerson({ workspace: FIRST_WORKSPACE, id: known.id }));
  if (!channel || !person) return;
  if (env.WATCHKEEPER_OIDC_ISSUER && (await readPasswordHash(person.id)) === null)
    return tellOfProvider(channel, person);
  const wanted = { kind: "password" as const, email: person.email, role: null };
  const by = { createdBy: person.email, createdById: person.id };
  const owner = { workspace: FIRST_WORKSPACE, personId: person.id, ...by };
  const { link } = await prisma.$transaction(async (tx) => {
    const made = await writeLink(tx, { ...owner, ...wanted, hours: LINK_HOURS }, now);
    await record(tx, FIRST_WORKSPACE, {
      ...{ action: "person.link_made", target: { id: person.id, name: person.email } },
      ...{ after: { expires_at: made.expires_at }, reason: "asked for by mail" },
    });
    return made;
  });
  await sendMail(channel, {
    to: person.email,
    subject: "A new password for Watchkeeper",
    text: `Hello ${person.name},\n\nby this link you choose a new password; it works once, for an hour:\n\n${addressHere()}${link}\n\nIf it was not you who asked, do nothing: your password stays as it is.\n`,
  });
}

const addressHere = () => env.WATCHKEEPER_PUBLIC_URL ?? `http://localhost:${env.PORT}`;

/** A first password would lead round the provider, and whatever it asks for beside one. */
async function tellOfProvider(
  channel: ChannelRow,
  { email, name }: { email: string; name: string },
): Promise<void> {
  await sendMail(channel, {
    to: email,
    subject: "Signing in to Watchkeeper",
    text: `Hello ${name},\n\nyou have no password here: you sign in with ${env.WATCHKEEPER_OIDC_NAME}, at\n\n${addressHere()}/sign-in\n\nIf you need a password all the same, ask an administrator for a link.\n`,
  });
}
