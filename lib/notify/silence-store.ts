import { z } from "zod";
import { type Db, prisma } from "@/lib/db/client";
import type { Silence } from "./silence";
import { type SILENCE_STATES, SilenceBody, SilenceEdit } from "./silence-schema";

export type SilenceRow = Silence & {
  author: string;
  createdAt: Date;
  history: SilenceEdit[];
};

type Stored = {
  id: string;
  body: unknown;
  startsAt: Date;
  endsAt: Date;
  author: string;
  history: unknown;
  createdAt: Date;
};

const rowOf = ({ id, body, startsAt, endsAt, author, history, createdAt }: Stored): SilenceRow => ({
  ...SilenceBody.parse(body),
  ...{ id, startsMs: startsAt.getTime(), endsMs: endsAt.getTime(), author, createdAt },
  history: z.array(SilenceEdit).parse(history),
});

/** Those that have not ended. */
export async function listStanding(
  workspace: string,
  now: Date,
  db: Db = prisma,
): Promise<SilenceRow[]> {
  const where = { workspace, endsAt: { gt: now } };
  const rows = await db.silence.findMany({ where, orderBy: { id: "asc" } });
  return rows.map(rowOf);
}

export type SilencesPageQuery = {
  state: (typeof SILENCE_STATES)[number] | null;
  limit: number;
  /** The last one of the page before. */
  after: { createdAt: Date; id: string } | null;
};

/** Newest first. */
export async function listSilences(
  workspace: string,
  { state, limit, after }: SilencesPageQuery,
  now: Date,
  db: Db = prisma,
): Promise<SilenceRow[]> {
  const times = {
    pending: { startsAt: { gt: now } },
    active: { startsAt: { lte: now }, endsAt: { gt: now } },
    expired: { endsAt: { lte: now } },
  };
  const rows = await db.silence.findMany({
    where: {
      ...{ workspace, ...(state === null ? {} : times[state]) },
      ...(after === null
        ? {}
        : {
            OR: [
              { createdAt: { lt: after.createdAt } },
              { createdAt: after.createdAt, id: { lt: after.id } },
            ],
          }),
    },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: limit,
  });
  return rows.map(rowOf);
}

export async function readSilence(
  workspace: string,
  id: string,
  db: Db = prisma,
): Promise<SilenceRow | null> {
  const row = await db.silence.findUnique({ where: { workspace_id: { workspace, id } } });
  return row && rowOf(row);
}

/** Nobody else changes it before the transaction ends. */
export async function lockSilence(
  db: Db,
  workspace: string,
  id: string,
): Promise<SilenceRow | null> {
  await db.$executeRaw`select from silence where workspace = ${workspace} and id = ${id} for update`;
  return readSilence(workspace, id, db);
}

/** Makes it, or changes what there is of that id. */
export async function writeSilence(db: Db, workspace: string, row: SilenceRow): Promise<void> {
  const { id, startsMs, endsMs, author, createdAt, history, ...body } = row;
  const changes = {
    ...{ body, history, startsAt: new Date(startsMs), endsAt: new Date(endsMs) },
  };
  await db.silence.upsert({
    where: { workspace_id: { workspace, id } },
    create: { workspace, id, author, createdAt, ...changes },
    update: changes,
  });
}

export async function countStanding(db: Db, workspace: string, now: Date): Promise<number> {
  return db.silence.count({ where: { workspace, endsAt: { gt: now } } });
}
