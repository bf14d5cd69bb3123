"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { errorWords, Panel } from "@/components/shell/panel";
import { useHref } from "@/components/shell/scope";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field, Input } from "@/components/ui/field";
import { connectionDetail, removeConnection } from "@/lib/connections/queries";
import type { ConnectionItem } from "@/lib/connections/schema";
import { formatPlural } from "@/lib/format";

/** The way out: the keys go at once, the data stays or goes as well. */
export function RemovePanel({ item }: { item: ConnectionItem }) {
  const [open, setOpen] = useState(false);
  return (
    <Panel title="Remove">
      <div className="flex flex-wrap items-center gap-3">
        <p className="min-w-60 flex-1 text-ink-2">
          Its keys and secrets go at once and nothing is read any more. What becomes of its sessions
          is your choice.
        </p>
        <Button variant="danger" onClick={() => setOpen(true)}>
          Remove connection…
        </Button>
      </div>
      <Dialog open={open} onOpenChange={setOpen} title={`Remove ${item.name}?`}>
        {open ? <RemoveForm item={item} onClose={() => setOpen(false)} /> : null}
      </Dialog>
    </Panel>
  );
}

function RemoveForm({ item, onClose }: { item: ConnectionItem; onClose: () => void }) {
  const [data, setData] = useState<"keep" | "purge">("keep");
  const [typed, setTyped] = useState("");
  const router = useRouter();
  const href = useHref();
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => removeConnection(item.id, { data }),
    onSuccess: () => {
      router.push(href("/settings/connections"));
      client.removeQueries({ queryKey: connectionDetail(item.id).queryKey, type: "inactive" });
      return client.invalidateQueries({ queryKey: ["connections", "list"] });
    },
  });
  const isSure = typed.trim() === item.name;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isSure) remove.mutate();
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-1 text-sm font-medium text-ink-2">
          Its {formatPlural(item.sessions, "session")}
        </legend>
        <Choice
          checked={data === "keep"}
          onChoose={() => setData("keep")}
          label="Keep them"
          hint="they stay to be read and counted"
        />
        <Choice
          checked={data === "purge"}
          onChoose={() => setData("purge")}
          label="Delete them"
          hint="with all events and agents, in the background; for good"
        />
      </fieldset>
      <Field label={`To be sure, type its name: ${item.name}`}>
        {(props) => (
          <Input
            {...props}
            autoComplete="off"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        )}
      </Field>
      {remove.error ? (
        <p role="alert" className="text-fail">
          {errorWords(remove.error)}
        </p>
      ) : null}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="danger" disabled={!isSure || remove.isPending}>
          {data === "keep" ? "Remove connection" : "Remove connection and data"}
        </Button>
      </div>
    </form>
  );
}

function Choice({
  checked,
  onChoose,
  label,
  hint,
}: {
  checked: boolean;
  onChoose: () => void;
  label: string;
  hint: string;
}) {
  return (
    <label className="flex items-start gap-2">
      <input
        type="radio"
        name="data"
        className="mt-0.5 size-4 shrink-0 accent-accent"
        checked={checked}
        onChange={onChoose}
      />
      <span>
        {label}
        <span className="block text-sm text-ink-3">{hint}</span>
      </span>
    </label>
  );
}
