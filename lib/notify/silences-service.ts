import { z } from "zod";
import { record } from "@/lib/audit/service";
import { allows } from "@/lib/auth/roles";
import type { Caller } from "@/lib/auth/schema";
import { newId } from "@/lib/auth/secrets";
import { authorOf } from "@/lib/auth/service";
import { prisma } from "@/lib/db/client";
import { decodeCursor, encodeCursor } from "@/lib/http/cursor";
import { AppError, invalidField } from "@/lib/http/errors";
import { CursorInstant } from "@/lib/sessions/cursor";
import { isoFromMicros } from "@/lib/time/micros";
import { matches } from "./match";
import { type AlertRow, listAlerts, reconsider } from "./notice-store";
import { edited, stateOf } from "./silence";
import { hideableOf } from "./silence-end-service";
import {
  DAY_MS,
  LOOK_BACK_DAYS,
  MOST_DAYS,
  MOST_STANDING,
  type NewSilence,
  type SilenceBody,
  type SilenceItem,
  type SilencePreviewAnswer,
  type SilencesPage,
  type SilencesQuery,
  SOON_MS,
} from "./silence-schema";
import {
  countStanding,
  listSilences,
  lockSilence,
  readSilence,
  type SilenceRow,
  writeSilence,
} from "./silence-store";

const MOST_SHOWN = 20;
const instantOf = (at: Date) => isoFromMicros(at.getTime() * 1_000);
const missing = () => new AppError("not_found", "There is no such silence.");
const Place = z.tuple([CursorInstant, z.string().max(200)]);

/** Newest first, each with what it hides. */
export async function readSilences(
  workspace: string,
  { state, limit, cursor }: SilencesQuery,
  now = new Date(),
): Promise<SilencesPage> {
  const place = cursor === undefined ? null : decodeCursor(Place, cursor);
  const after = place && { createdAt: new Date(place[0]), id: place[1] };
  const rows = await listSilences(
    workspace,
    { state: state ?? null, limit: limit + 1, after },
    now,
  );
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    data: await itemsOf(workspace, shown, now),
    next_cursor:
      rows.length > limit && last ? encodeCursor([instantOf(last.createdAt), last.id]) : null,
  };
}

/** Throws `not_found`. */
export async function readSilenceItem(
  workspace: string,
  id: string,
  now = new Date(),
): Promise<SilenceItem> {
  const row = await readSilence(workspace, id);
  const [item] = row ? await itemsOf(workspace, [row], now) : [];
  if (!item) throw missing();
  return item;
}

/** Throws `invalid` for times in the past, and for a silence too long for the caller's scope. */
export async function createSilence(
  caller: Caller,
  { starts_at, ends_at, ...body }: NewSilence,
  now = new Date(),
): Promise<SilenceItem> {
  const { workspace } = caller;
  const startsMs = Math.max(Date.parse(starts_at ?? now.toISOString()), now.getTime());
  const times = { startsMs, endsMs: Date.parse(ends_at) };
  checkTimes(caller, times, now);
  const author = await authorOf(caller);
  const id = newId("slnc");
  const row = { id, ...body, ...times, author, createdAt: now, history: [] };
  await prisma.$transaction(async (tx) => {
    if ((await countStanding(tx, workspace, now)) >= MOST_STANDING)
      throw new AppError("conflict", `${MOST_STANDING} silences stand; end one first.`);
    await writeSilence(tx, workspace, row);
    const deed = { action: "silence.created", target: { id }, reason: body.reason } as const;
    await record(tx, workspace, { ...deed, after: toldOf(row) });
    await reconsider(tx, workspace, now);
  });
  return readSilenceItem(workspace, id, now);
}

/** What it was stays in its history. Throws `not_found`, and `conflict` when it has ended. */
export async function changeSilence(
  caller: Caller,
  id: string,
  { starts_at, ends_at, ...body }: NewSilence,
  now = new Date(),
): Promise<SilenceItem> {
  const { workspace } = caller;
  const by = await authorOf(caller);
  const nowMs = now.getTime();
  await prisma.$transaction(async (tx) => {
    const row = await lockSilence(tx, workspace, id);
    if (!row) throw missing();
    const state = stateOf(row, nowMs);
    if (state === "expired")
      throw new AppError("conflict", "This silence has ended; make a new one in its place.");
    // What has begun has begun.
    const isBegun = state === "active" || starts_at === undefined;
    const startsMs = isBegun ? row.startsMs : Math.max(Date.parse(starts_at), nowMs);
    const times = { startsMs, endsMs: Date.parse(ends_at) };
    checkTimes(caller, times, now);
    const changed = { ...edited(row, { what: "edited", by, nowMs }), ...body, ...times };
    await writeSilence(tx, workspace, changed);
    const deed = { action: "silence.changed", target: { id }, reason: body.reason } as const;
    await record(tx, workspace, { ...deed, before: toldOf(row), after: toldOf(changed) });
    await reconsider(tx, workspace, now);
  });
  return readSilenceItem(workspace, id, now);
}

/** Ends it now; what has ended already stays as it is. Throws `not_found`. */
export async function expireSilence(caller: Caller, id: string, now = new Date()): Promise<void> {
  const { workspace } = caller;
  const by = await authorOf(caller);
  await prisma.$transaction(async (tx) => {
    const row = await lockSilence(tx, workspace, id);
    if (!row) throw missing();
    if (stateOf(row, now.getTime()) === "expired") return;
    await writeSilence(tx, workspace, edited(row, { what: "expired", by, nowMs: now.getTime() }));
    await record(tx, workspace, { action: "silence.ended", target: row, before: toldOf(row) });
    await reconsider(tx, workspace, now);
  });
}

const toldOf = ({ matchers, reason, startsMs, endsMs }: SilenceRow) => ({
  ...{ matchers, reason },
  ...{ starts_at: new Date(startsMs).toISOString(), ends_at: new Date(endsMs).toISOString() },
});

/** What a silence would hide now, and would have hidden lately. */
export async function previewSilence(
  workspace: string,
  { matchers }: Pick<SilenceBody, "matchers">,
  now = new Date(),
): Promise<SilencePreviewAnswer> {
  const alerts = await listAlerts(workspace, lookBack(now));
  const { matching, hidden } = hiddenBy(matchers, alerts);
  return {
    ...{ matching: matching.length, would_have_hidden: hidden.length },
    alerts: matching.slice(0, MOST_SHOWN).map((row) => ({
      ...{ episode_id: row.id, rule: { id: row.ruleId, name: row.ruleName } },
      ...{ labels: row.labels, severity: row.severity, opened_at: row.openedAt.toISOString() },
    })),
  };
}

const lookBack = (now: Date) => new Date(now.getTime() - LOOK_BACK_DAYS * DAY_MS);

function hiddenBy(matchers: SilenceBody["matchers"], alerts: readonly AlertRow[]) {
  const fits = matches(matchers);
  const hidden = alerts.filter((alert) => fits(hideableOf(alert).labels));
  return { hidden, matching: hidden.filter(({ closedAt }) => closedAt === null) };
}

type Times = { startsMs: number; endsMs: number };

function checkTimes(caller: Caller, { startsMs, endsMs }: Times, now: Date): void {
  if (endsMs <= now.getTime()) throw invalidField("ends_at", "it must be ahead");
  if (endsMs <= startsMs) throw invalidField("ends_at", "it must be after starts_at");
  if (endsMs - startsMs > MOST_DAYS * DAY_MS && !allows(caller.scopes, "admin"))
    throw invalidField(
      "ends_at",
      `it may be ${MOST_DAYS} days after starts_at at most; longer silences need the scope admin`,
    );
}

async function itemsOf(
  workspace: string,
  rows: readonly SilenceRow[],
  now: Date,
): Promise<SilenceItem[]> {
  if (rows.length === 0) return [];
  const alerts = await listAlerts(workspace, lookBack(now));
  const nowMs = now.getTime();
  return rows.map((row) => {
    const { startsMs, endsMs, createdAt, ...rest } = row;
    const { matching, hidden } = hiddenBy(row.matchers, alerts);
    const state = stateOf(row, nowMs);
    return {
      ...rest,
      ...{ starts_at: new Date(startsMs).toISOString(), ends_at: new Date(endsMs).toISOString() },
      ...{ state, ends_soon: state === "active" && endsMs - nowMs <= SOON_MS },
      ...{ matching: matching.length, would_have_hidden: hidden.length },
      created_at: createdAt.toISOString(),
    };
  });
}
