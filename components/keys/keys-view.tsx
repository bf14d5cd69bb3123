"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { KeyForm } from "@/components/keys/key-form";
import { KeysTable } from "@/components/keys/keys-table";
import { RotateDialog } from "@/components/keys/rotate-dialog";
import { ShownOnce, useShown } from "@/components/people/shown-once";
import { errorWords, Panel, QueryState } from "@/components/shell/panel";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import type { KeyItem } from "@/lib/auth/keys-schema";
import { endKey, keysList } from "@/lib/auth/queries";

/** Keys of programs: what each may do, from where, until when, and when it was last used. */
export function KeysView() {
  const query = useQuery(keysList());
  const [shown, setShown] = useShown();
  const [turning, setTurning] = useState<KeyItem | null>(null);
  const [leaving, setLeaving] = useState<KeyItem | null>(null);
  return (
    <div className="flex flex-col gap-3 p-3 lg:p-4">
      <h1 className="flex min-h-8 items-center gap-2 text-lg font-semibold">
        API keys{" "}
        <span className="text-base font-normal text-ink-3 max-sm:hidden">
          for programs that send or read
        </span>
      </h1>
      {shown ? <ShownOnce {...shown} onClose={() => setShown(null)} /> : null}
      <Panel title="New key" hint="shown once when it is made">
        <KeyForm onMade={setShown} />
      </Panel>
      <Panel title="Keys in use" flush>
        <QueryState
          query={query}
          what="The keys"
          height="min-h-40"
          empty={{
            when: ({ data }) => data.length === 0,
            title: "No key yet",
            children: "A program that sends sessions or reads figures needs one.",
          }}
        >
          {({ data }) => <KeysTable keys={data} onRotate={setTurning} onEnd={setLeaving} />}
        </QueryState>
      </Panel>
      {turning ? (
        <RotateDialog item={turning} onClose={() => setTurning(null)} onMade={setShown} />
      ) : null}
      {leaving ? <EndDialog item={leaving} onClose={() => setLeaving(null)} /> : null}
    </div>
  );
}

function EndDialog({ item, onClose }: { item: KeyItem; onClose: () => void }) {
  const client = useQueryClient();
  const end = useMutation({
    mutationFn: () => endKey(item.id),
    onSuccess: () => {
      onClose();
      return client.invalidateQueries({ queryKey: ["auth"] });
    },
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? null : onClose())}
      title={`Revoke ${item.name}?`}
      description="Whoever uses it is refused from now on, and browsers that came in with it are signed out."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="danger" disabled={end.isPending} onClick={() => end.mutate()}>
            Revoke
          </Button>
        </>
      }
    >
      {end.error ? (
        <p role="alert" className="text-fail">
          {errorWords(end.error)}
        </p>
      ) : null}
    </Dialog>
  );
}
