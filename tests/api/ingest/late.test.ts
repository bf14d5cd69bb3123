import { expect, it } from "vitest";
import { prisma } from "@/lib/db/client";
import { verifyWorkspace } from "@/lib/ingest/verify-service";
import { truncateAll } from "@/tests/support/database";
import {
  agentOf,
  evaluationEnd,
  evaluationStart,
  inThread,
  SESSION,
  thread,
  threadStatus,
} from "@/tests/support/events";
import { storeItems } from "@/tests/support/stored";

// The late status has its thread derived anew, whose history names an evaluation that another thread began.
it("leaves another thread as it is when a late event leads to a span of it", async () => {
  await truncateAll();
  await storeItems(SESSION, [
    thread("sthr_b", agentOf("claude-haiku-4-5")),
    ...inThread("sthr_b", evaluationStart("begun", 5)),
    ...inThread("sthr_a", evaluationEnd("begun", 17, "needs_revision")),
  ]);
  const before = await prisma.thread.findMany({ where: { threadId: "sthr_b" } });
  expect(before).toEqual([expect.objectContaining({ object: expect.anything() })]);
  await storeItems(SESSION, inThread("sthr_a", threadStatus(7, "idle", "sthr_a")));
  expect(await prisma.thread.findMany({ where: { threadId: "sthr_b" } })).toEqual(before);
  expect(await prisma.session.findMany()).toEqual([expect.objectContaining({ threads: 3 })]);
  const found: string[] = [];
  await verifyWorkspace("default", ({ what }) => found.push(what));
  expect(found).toEqual([]);
});
