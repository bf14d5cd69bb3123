"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { errorWords } from "@/components/shell/panel";
import { deleteMatching, retryMatching } from "@/lib/rejected/queries";
import type { RejectedCounts, RejectedFilter } from "@/lib/rejected/schema";

export type BulkState =
  | { kind: "idle" }
  | {
      kind: "retrying" | "retried" | "stopped";
      tried: number;
      taken: number;
      refused: number;
      total: number;
    }
  | { kind: "deleting" | "deleted"; deleted: number; total: number }
  | { kind: "failed"; message: string };

export type Bulk = ReturnType<typeof useBulk>;

/** Trying or deleting all that the filter shows, part after part, told as it goes. */
export function useBulk(filter: RejectedFilter, counts: RejectedCounts | undefined) {
  const [state, setState] = useState<BulkState>({ kind: "idle" });
  const stopped = useRef(false);
  const client = useQueryClient();
  const total = counts?.total ?? 0;

  async function guarded(work: () => Promise<void>) {
    try {
      await work();
    } catch (error) {
      setState({ kind: "failed", message: errorWords(error) });
    }
    await client.invalidateQueries({ queryKey: ["rejected"] });
  }

  const retryAll = () =>
    guarded(async () => {
      stopped.current = false;
      const sum = { tried: 0, taken: 0, refused: 0, total };
      let cursor: string | null = null;
      do {
        setState({ kind: "retrying", ...sum });
        const part = await retryMatching(filter, cursor);
        sum.tried += part.tried;
        sum.taken += part.taken;
        sum.refused += part.refused;
        cursor = part.next_cursor;
      } while (cursor !== null && !stopped.current);
      setState({ kind: cursor === null ? "retried" : "stopped", ...sum });
    });

  /** Only what had come when the reader looked. */
  const deleteAll = (until: string) =>
    guarded(async () => {
      let deleted = 0;
      let more = true;
      while (more) {
        setState({ kind: "deleting", deleted, total });
        const part = await deleteMatching(filter, until);
        deleted += part.deleted;
        more = part.more;
      }
      setState({ kind: "deleted", deleted, total });
    });

  return {
    state,
    busy: state.kind === "retrying" || state.kind === "deleting",
    retryAll,
    deleteAll,
    stop: () => {
      stopped.current = true;
    },
    dismiss: () => setState({ kind: "idle" }),
  };
}
