"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Download, Pencil, RotateCcw, Trash2 } from "lucide-react";
import { useState } from "react";
import { DeleteDialog } from "@/components/rejected/delete-dialog";
import { ItemBody } from "@/components/rejected/item-body";
import { ItemEditor } from "@/components/rejected/item-editor";
import { ItemFacts } from "@/components/rejected/item-facts";
import { errorWords, QueryState } from "@/components/shell/panel";
import { Needs } from "@/components/shell/viewer";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { saveFile } from "@/components/ui/download";
import { Notice } from "@/components/ui/notice";
import { deleteRejected, rejectedItem, retryRejected } from "@/lib/rejected/queries";
import type { RejectedEntry, RejectedItem } from "@/lib/rejected/schema";
import { EDITABLE_BYTES } from "@/lib/rejected/sizes";

type DetailProps = { entry: RejectedEntry; onGone: (id: string) => void };

/** An item that is open: its facts, its body, and what can be done with it. */
export function RejectedDetail({ entry, onGone }: DetailProps) {
  const query = useQuery(rejectedItem(entry.id));
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <ItemFacts item={query.data ?? entry} />
      <QueryState query={query} what="The item" height="min-h-40">
        {(item) => <Content item={item} onGone={onGone} />}
      </QueryState>
    </div>
  );
}

/** Trying again: taken, the item leaves the page; refused again, its new reason stands here. */
function useRetry(id: string, onGone: (id: string) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: retryRejected,
    onSuccess: async ({ item }) => {
      if (item === null) return onGone(id);
      client.setQueryData(rejectedItem(id).queryKey, item);
      await client.invalidateQueries({
        predicate: ({ queryKey }) => queryKey[0] === "rejected" && queryKey[1] !== "item",
      });
    },
  });
}

function Content({ item, onGone }: { item: RejectedItem; onGone: (id: string) => void }) {
  const [editing, setEditing] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const retry = useRetry(item.id, onGone);
  const remove = useMutation({ mutationFn: deleteRejected, onSuccess: () => onGone(item.id) });
  const failure = retry.error ?? remove.error;
  const refused = retry.data?.item ? `Refused again: ${retry.data.item.message}` : null;
  if (editing)
    return (
      <ItemEditor
        item={item}
        pending={retry.isPending}
        error={retry.error ? errorWords(retry.error) : refused}
        onTry={(body) => retry.mutate({ id: item.id, body })}
        onClose={() => {
          retry.reset();
          setEditing(false);
        }}
      />
    );
  return (
    <div className="flex min-w-0 flex-col gap-3">
      {item.complete ? null : (
        <Notice tone="fail">
          An earlier version kept only the beginning of this item. Its sender has to send it again.
        </Notice>
      )}
      {refused ? (
        <Notice tone="fail" live>
          {refused}
        </Notice>
      ) : null}
      {failure ? (
        <Notice tone="fail" live>
          {errorWords(failure)}
        </Notice>
      ) : null}
      <Actions
        item={item}
        busy={retry.isPending || remove.isPending}
        onTry={() => retry.mutate({ id: item.id })}
        onEdit={() => {
          retry.reset();
          setEditing(true);
        }}
        onDelete={() => setDeleting(true)}
      />
      <ItemBody text={item.body} bytes={item.body_bytes} />
      <DeleteDialog
        open={deleting}
        onOpenChange={setDeleting}
        title="Delete this item?"
        onDelete={() => remove.mutate(item.id)}
      >
        It was never taken in, and nothing else has it: after this it is gone for good.
      </DeleteDialog>
    </div>
  );
}

type ActionsProps = {
  item: RejectedItem;
  busy: boolean;
  onTry: () => void;
  onEdit: () => void;
  onDelete: () => void;
};

function Actions({ item, busy, onTry, onEdit, onDelete }: ActionsProps) {
  const editable = item.complete && item.body_bytes <= EDITABLE_BYTES;
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Needs scope="write">
        <Button size="sm" variant="primary" disabled={busy || !item.complete} onClick={onTry}>
          <RotateCcw size={14} aria-hidden />
          {busy ? "Trying…" : "Try again"}
        </Button>
        <Button
          size="sm"
          disabled={busy || !editable}
          title={
            editable ? undefined : "Too large to be changed here: download it, change and import it"
          }
          onClick={onEdit}
        >
          <Pencil size={14} aria-hidden />
          Edit
        </Button>
      </Needs>
      <CopyButton text={item.body} label="Copy the item" word="Copy" />
      <Button
        size="sm"
        onClick={() =>
          saveFile(
            new Blob([item.body, "\n"], { type: "application/x-ndjson" }),
            `${item.id}.ndjson`,
          )
        }
      >
        <Download size={14} aria-hidden />
        Download
      </Button>
      <Needs scope="write">
        <Button size="sm" variant="danger" disabled={busy} onClick={onDelete}>
          <Trash2 size={14} aria-hidden />
          Delete
        </Button>
      </Needs>
    </div>
  );
}
