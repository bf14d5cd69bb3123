import { record } from "@/lib/audit/service";
import { countAttempt } from "@/lib/auth/attempts";
import { writeLink } from "@/lib/auth/link-service";
import { readPerson, readPersonByEmail } from "@/lib/auth/people-store";
import { FIRST_WORKSPACE } from "@/lib/auth/schema";
import { prisma } from "@/lib/db/client";
import { env } from "@/lib/env";
import { clientAddress } from "@/lib/http/client-address";
import { logger } from "@/lib/http/logger";
import { type ChannelRow, listChannels } from "./channel-store";
import { sendMail } from "./channels/email";

/** A mailbox is not as safe a place as an admin's hand. */
const LINK_HOURS = 1;

/** The channel whose server also carries mail to people: the oldest one of e-mail. */
async function findMailChannel(workspace: string): Promise<ChannelRow | null> {
  return (await listChannels(workspace)).find(({ kind }) => kind === "email") ?? null;
}

export async function canMail(): Promise<boolean> {
  return (await findMailChannel(FIRST_WORKSPACE)) !== null;
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
    findMailChannel(FIRST_WORKSPACE),
    readPersonByEmail(email),
  ]);
  const person = known && (await readPerson({ workspace: FIRST_WORKSPACE, id: known.id }));
  if (!channel || !person) return;
  const wanted = { kind: "password" as const, email: person.email, role: null };
  const owner = { workspace: FIRST_WORKSPACE, personId: person.id, createdBy: person.email };
  const { link } = await prisma.$transaction(async (tx) => {
    const made = await writeLink(tx, { ...owner, ...wanted, hours: LINK_HOURS }, now);
    await record(tx, FIRST_WORKSPACE, {
      ...{ action: "person.link_made", target: { id: person.id, name: person.email } },
      ...{ after: { expires_at: made.expires_at }, reason: "asked for by mail" },
    });
    return made;
  });
  const address = env.WATCHKEEPER_PUBLIC_URL ?? `http://localhost:${env.PORT}`;
  await sendMail(channel, {
    to: person.email,
    subject: "A new password for Watchkeeper",
    text: `Hello ${person.name},\n\nby this link you choose a new password; it works once, for an hour:\n\n${address}${link}\n\nIf it was not you who asked, do nothing: your password stays as it is.\n`,
  });
}
