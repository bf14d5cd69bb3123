import { record } from "@/lib/audit/service";
import { prisma } from "@/lib/db/client";
import type { IngestAnswer } from "./schema";

/** What a person brought in by hand, a part of a file or all of it: `name` says of which. */
export async function recordImport(
  workspace: string,
  answer: Pick<IngestAnswer, "accepted" | "updated" | "duplicates"> & {
    rejected: readonly unknown[];
  },
  name: string | null = null,
): Promise<void> {
  const { accepted, updated, duplicates, rejected } = answer;
  await record(prisma, workspace, {
    action: "data.imported",
    target: { id: null, name },
    after: { accepted, updated, duplicates, rejected: rejected.length },
  });
}
