"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import {
  NO_SUBJECT,
  type SubjectDraft,
  SubjectFields,
  subjectIn,
} from "@/components/retention/subject-fields";
import { errorWords, Panel, QueryState } from "@/components/shell/panel";
import { Time } from "@/components/shell/time";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field, Input } from "@/components/ui/field";
import { formatPlural, plain } from "@/lib/format";
import type { HoldItem } from "@/lib/retention/hold-schema";
import { holdsList, liftHold, placeHold } from "@/lib/retention/queries";

type Connections = readonly { id: string; name: string | null }[];

/** What is neither dropped nor erased, and since when; the lifted ones stay to be seen. */
export function HoldsPanel({ connections }: { connections: Connections }) {
  const query = useQuery(holdsList());
  const [open, setOpen] = useState(false);
  const client = useQueryClient();
  const lift = useMutation({
    mutationFn: liftHold,
    onSettled: () => client.invalidateQueries({ queryKey: ["retention"] }),
  });
  const place = <Button onClick={() => setOpen(true)}>Place a hold…</Button>;
  return (
    <Panel
      title="Legal holds"
      hint="held things are neither dropped nor erased"
      actions={place}
      flush
    >
      {lift.error ? (
        <p role="alert" className="px-3 pb-2 text-fail">
          {errorWords(lift.error)}
        </p>
      ) : null}
      <div className="border-t">
        <QueryState
          query={query}
          what="The holds"
          height="min-h-24"
          empty={{
            when: ({ data }) => data.length === 0,
            title: "Nothing is held",
            children: "Place a hold where something has to stay, whatever retention says.",
          }}
        >
          {({ data }) => (
            <ul aria-label="Legal holds">
              {data.map((hold) => (
                <Hold
                  key={hold.id}
                  {...{ hold, connections }}
                  isBusy={lift.isPending}
                  onLift={() => lift.mutate(hold.id)}
                />
              ))}
            </ul>
          )}
        </QueryState>
      </div>
      <Dialog open={open} onOpenChange={setOpen} title="Place a legal hold">
        {open ? <HoldForm connections={connections} onClose={() => setOpen(false)} /> : null}
      </Dialog>
    </Panel>
  );
}

type HoldProps = { hold: HoldItem; connections: Connections; isBusy: boolean; onLift: () => void };

function Hold({ hold, connections, isBusy, onLift }: HoldProps) {
  const isLifted = hold.lifted_at !== null;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b px-3 py-2 last:border-b-0">
      <div className="min-w-0 flex-1">
        <p className={isLifted ? "wrap-anywhere text-ink-3" : "wrap-anywhere"}>
          {subjectWords(hold, connections)}
        </p>
        <p className="text-sm wrap-anywhere text-ink-3">
          “{plain(hold.reason)}” · placed by {hold.placed_by}, <Time at={hold.placed_at} />
          {isLifted ? (
            <>
              {" "}
              · lifted by {hold.lifted_by}, <Time at={hold.lifted_at} />
            </>
          ) : null}
        </p>
      </div>
      {isLifted ? (
        <span className="text-ink-3">Lifted</span>
      ) : (
        <>
          <span className="text-ink-2">{formatPlural(hold.sessions ?? 0, "session")}</span>
          <Button size="sm" disabled={isBusy} onClick={onLift}>
            Lift<span className="sr-only"> the hold “{hold.reason}”</span>
          </Button>
        </>
      )}
    </li>
  );
}

function subjectWords({ subject }: HoldItem, connections: Connections): string {
  switch (subject.by) {
    case "sessions": {
      const [first = ""] = subject.session_ids;
      const more = subject.session_ids.length - 1;
      return more > 0 ? `${first} and ${formatPlural(more, "other")}` : first;
    }
    case "metadata":
      return `metadata.${subject.key} = ${subject.value}`;
    case "connection": {
      const known = connections.find(({ id }) => id === subject.connection_id);
      return `All of ${known?.name ?? subject.connection_id}`;
    }
  }
}

function HoldForm({ connections, onClose }: { connections: Connections; onClose: () => void }) {
  const [draft, setDraft] = useState<SubjectDraft>(NO_SUBJECT);
  const [reason, setReason] = useState("");
  const client = useQueryClient();
  const subject = subjectIn(draft);
  const place = useMutation({
    mutationFn: placeHold,
    onSuccess: () => {
      onClose();
      return client.invalidateQueries({ queryKey: ["retention"] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (subject) place.mutate({ subject, reason });
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      <SubjectFields
        {...{ draft, connections }}
        onChange={(fields) => setDraft((before) => ({ ...before, ...fields }))}
      />
      <Field label="Why" hint="shown to whoever is refused by it, and in the audit log">
        {(props) => (
          <Input {...props} value={reason} onChange={(event) => setReason(event.target.value)} />
        )}
      </Field>
      {place.error ? (
        <p role="alert" className="text-fail">
          {errorWords(place.error)}
        </p>
      ) : null}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button
          type="submit"
          variant="primary"
          disabled={!subject || reason.trim().length < 3 || place.isPending}
        >
          Place the hold
        </Button>
      </div>
    </form>
  );
}
