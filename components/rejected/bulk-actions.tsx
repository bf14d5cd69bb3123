"use client";
import { RotateCcw, Trash2 } from "lucide-react";
import { useState } from "react";
import { DeleteDialog } from "@/components/rejected/delete-dialog";
import type { Bulk } from "@/components/rejected/use-bulk";
import { Needs } from "@/components/shell/viewer";
import { Button } from "@/components/ui/button";
import { formatPlural } from "@/lib/format";
import type { RejectedCounts } from "@/lib/rejected/schema";

type BulkActionsProps = { bulk: Bulk; counts: RejectedCounts | undefined };

export function BulkActions({ bulk, counts }: BulkActionsProps) {
  const [asked, setAsked] = useState<RejectedCounts | null>(null);
  if (!counts || counts.total === 0) return null;
  const words = asked
    ? `${asked.capped ? "over " : ""}${formatPlural(asked.total, "rejected item")}`
    : "";
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Needs scope="write">
        <Button
          disabled={bulk.busy}
          onClick={bulk.retryAll}
          title="After a mended sender or an upgrade: all that match the filter, newest first"
        >
          <RotateCcw size={14} aria-hidden />
          Try all again
        </Button>
        <Button variant="danger" disabled={bulk.busy} onClick={() => setAsked(counts)}>
          <Trash2 size={14} aria-hidden />
          Delete all
        </Button>
      </Needs>
      <DeleteDialog
        open={asked !== null}
        onOpenChange={() => setAsked(null)}
        title={`Delete ${words}?`}
        onDelete={() => bulk.deleteAll(asked?.newest_at ?? "")}
      >
        All that match the filter and had come when you looked. They were never taken in, and
        nothing else has them: after this they are gone for good.
      </DeleteDialog>
    </div>
  );
}
