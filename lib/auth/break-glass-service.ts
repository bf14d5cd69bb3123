import { record } from "@/lib/audit/service";
import { prisma } from "@/lib/db/client";
import { AppError } from "@/lib/http/errors";
import type { BreakGlassState, NewBreakGlass, OwnBreakGlass } from "./break-glass-schema";
import {
  closeBreakGlass,
  lockMayOpen,
  ownOf,
  readOpenOf,
  saveBreakGlass,
} from "./break-glass-store";
import { personOf } from "./people-service";
import { allows } from "./roles";
import type { Caller } from "./schema";
import { newId } from "./secrets";
import { authorOf } from "./service";

const MINUTE_MS = 60_000;

export const readBreakGlass = ({ breakGlass }: Caller): BreakGlassState => ({
  may_open: breakGlass !== null,
  open: breakGlass?.open ?? null,
});

/** From now on, and for so long, the caller sees what sessions said. */
export async function openBreakGlass(
  caller: Caller,
  { reason, minutes }: NewBreakGlass,
  now = new Date(),
): Promise<OwnBreakGlass> {
  const { id: personId, email } = personOf(caller);
  if (caller.breakGlass === null) throw mayNot(caller);
  const { workspace } = caller;
  return prisma.$transaction(async (tx) => {
    if (!(await lockMayOpen(tx, { workspace, personId }))) throw mayNot(caller);
    const open = await readOpenOf({ workspace, personId, now }, tx);
    if (open)
      throw new AppError(
        "conflict",
        `Content is open for you until ${open.until}; close that first.`,
      );
    const until = new Date(now.getTime() + minutes * MINUTE_MS);
    const id = newId("glass");
    const row = { workspace, id, personId, email, reason, openedAt: now, until };
    const saved = ownOf(await saveBreakGlass(tx, row));
    await record(tx, workspace, {
      ...{ action: "break_glass.opened", target: { id, name: email }, reason },
      after: { minutes, until: saved.until },
    });
    return saved;
  });
}

const mayNot = ({ scopes }: Caller) =>
  allows(scopes, "read")
    ? new AppError("conflict", "Nothing is hidden for your role.")
    : new AppError(
        "forbidden",
        "Opening content is not allowed to you. An administrator can allow it under People.",
      );

/** One's own before its time, without an id; anybody's, for admins. Throws `not_found` when it is over. */
export async function endBreakGlass(
  caller: Caller,
  id = caller.breakGlass?.open?.id ?? "",
  now = new Date(),
): Promise<undefined> {
  const { workspace } = caller;
  const by = await authorOf(caller);
  await prisma.$transaction(async (tx) => {
    const row = await closeBreakGlass(tx, { workspace, id, now, by });
    if (!row) throw new AppError("not_found", "No such break-glass is open.");
    const target = { id, name: row.email };
    await record(tx, workspace, { action: "break_glass.closed", target });
  });
  return undefined;
}
