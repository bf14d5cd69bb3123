import { expect, it } from "vitest";
import { prisma } from "@/lib/db/client";
import type { RawItem } from "@/lib/ingest/schema";
import { acceptItems } from "@/lib/ingest/service";
import { type Difference, verifyWorkspace } from "@/lib/ingest/verify-service";
import { fingerprint } from "@/tests/support/fingerprint";
import { HP_05, recordedItems } from "@/tests/support/recorded";

const NOW = new Date("2026-11-20T12:00:00Z");

const items = recordedItems(HP_05).map(
  (item): RawItem => ({ ...item, index: 0, sessionId: HP_05 }),
);

const take = (workspace: string, batch: RawItem[]) => {
  const numbered = batch.map((item, index) => ({ ...item, index }));
  return acceptItems({ workspace, connectionId: "", source: "push" }, numbered, [], NOW);
};

// A batch that waited for another one's session must go on from what that one left, not from what it
// had read before it waited.
it("leaves the same rows when batches of one session come at the same time", async () => {
  await take("together", items);
  for (const round of [1, 2, 3]) {
    const workspace = `round ${round}`;
    const batches = Array.from({ length: 8 }, (_, lane) =>
      items.filter((_, index) => index % 8 === lane),
    );
    await Promise.all(batches.map((batch) => take(workspace, batch)));
    const found: Difference[] = [];
    await verifyWorkspace(workspace, (difference) => found.push(difference));
    expect(found).toEqual([]);
    expect(await fingerprint(prisma, workspace)).toEqual(await fingerprint(prisma, "together"));
  }
});
