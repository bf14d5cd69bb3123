"use client";
import {
  changeOf,
  type Draft,
  draftOf,
  isChanged,
  withKind,
} from "@/components/retention/policy-draft";
import { PolicyFields } from "@/components/retention/policy-fields";
import { Panel } from "@/components/shell/panel";
import { SaveBar } from "@/components/shell/save-bar";
import { useRevised } from "@/components/shell/use-revised";
import { changeRetention, retentionSettings } from "@/lib/retention/queries";
import type { RetentionAnswer } from "@/lib/retention/schema";

/** How long what is stored stays: by default, for what is pushed, and for each connection. */
export function PolicyForm({ answer }: { answer: RetentionAnswer }) {
  const { base, draft, change, issues, submit, state } = useRevised({
    ...{ answer, query: retentionSettings(), draftOf, isChanged },
    save: (draft: Draft, base: RetentionAnswer) => changeRetention(changeOf(draft, base)),
  });
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
          <SaveBar state={state} saved="Saved: holds from the next run on." />
        </div>
      </Panel>
    </form>
  );
}
