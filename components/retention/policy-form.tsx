"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import {
  changeOf,
  type Draft,
  draftOf,
  isChanged,
  withKind,
} from "@/components/retention/policy-draft";
import { PolicyFields } from "@/components/retention/policy-fields";
import { errorWords, Panel } from "@/components/shell/panel";
import { Button } from "@/components/ui/button";
import { ApiError } from "@/lib/http/client";
import { changeRetention, retentionSettings } from "@/lib/retention/queries";
import type { RetentionAnswer } from "@/lib/retention/schema";

/** How long what is stored stays: by default, for what is pushed, and for each connection. */
export function PolicyForm({ answer }: { answer: RetentionAnswer }) {
  // What somebody else saves meanwhile is told as a conflict, and is not lost.
  const [base, setBase] = useState(answer);
  const [draft, setDraft] = useState<Draft>(() => draftOf(answer));
  const client = useQueryClient();
  const start = (from: RetentionAnswer) => {
    setBase(from);
    setDraft(draftOf(from));
  };
  const save = useMutation({
    mutationFn: () => changeRetention(changeOf(draft, base)),
    onSuccess: (saved) => {
      client.setQueryData(retentionSettings().queryKey, saved);
      start(saved);
    },
  });
  const change = (next: Partial<Draft>) => {
    save.reset();
    setDraft((before) => ({ ...before, ...next }));
  };
  const issues = issuesOf(save.error);
  const touched = isChanged(draft, base);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Panel title="How long it stays" hint="after a session was last heard of" flush>
        <div className="border-t">
          <PolicyFields
            name="Default"
            {...{ own: draft.default, byDefault: null, issues, path: "default" }}
            onChange={(kind, days) => change({ default: withKind(draft.default, kind, days) })}
          />
          <PolicyFields
            name="Pushed, imported, simulated"
            hint="what no connection brings"
            {...{ own: draft.pushed, byDefault: draft.default, issues, path: "pushed" }}
            onChange={(kind, days) => change({ pushed: withKind(draft.pushed, kind, days) })}
          />
          {base.connections.map(({ id, name }) => {
            const own = draft.connections[id] ?? {};
            return (
              <PolicyFields
                key={id}
                name={name ?? id}
                hint={name === null ? "a connection that is removed" : "connection"}
                {...{ own, byDefault: draft.default, issues, path: `connections.${id}` }}
                onChange={(kind, days) => {
                  const changed = { [id]: withKind(own, kind, days) };
                  change({ connections: { ...draft.connections, ...changed } });
                }}
              />
            );
          })}
        </div>
        <div className="flex flex-wrap items-center gap-3 border-t px-3 py-3">
          <Button type="submit" variant="primary" disabled={!touched || save.isPending}>
            {save.isPending ? "Saving…" : "Save"}
          </Button>
          {touched ? <Button onClick={() => start(answer)}>Undo</Button> : null}
          <span role="status" className="text-ok">
            {save.isSuccess && !touched ? "Saved: holds from the next run on." : null}
          </span>
          {save.error ? (
            <p role="alert" className="text-fail">
              {errorWords(save.error)}
            </p>
          ) : null}
          {isConflict(save.error) ? (
            <Button
              onClick={async () => {
                save.reset();
                start(await client.fetchQuery({ ...retentionSettings(), staleTime: 0 }));
              }}
            >
              Leave mine, show the newest
            </Button>
          ) : null}
        </div>
      </Panel>
    </form>
  );
}

const isConflict = (error: Error | null) => error instanceof ApiError && error.code === "conflict";

function issuesOf(error: Error | null): Record<string, string> {
  const issues = error instanceof ApiError ? error.issues : [];
  return Object.fromEntries(issues.map(({ path, message }) => [path, message]));
}
