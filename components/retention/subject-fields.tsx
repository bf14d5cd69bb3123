import { Field, Input, Select, Textarea } from "@/components/ui/field";
import type { HoldSubject } from "@/lib/retention/subject-schema";

export type SubjectDraft = {
  by: HoldSubject["by"];
  ids: string;
  key: string;
  value: string;
  connection: string;
};

export const NO_SUBJECT: SubjectDraft = {
  ...{ by: "sessions", ids: "", key: "", value: "", connection: "" },
};

type ById = Extract<HoldSubject, { by: "sessions" | "metadata" }>;

/** What was typed; null as long as something is missing. */
export function subjectIn(draft: SubjectDraft): HoldSubject | null {
  if (draft.by !== "connection") return sessionsIn(draft);
  return draft.connection === "" ? null : { by: "connection", connection_id: draft.connection };
}

export function sessionsIn({ by, ids, key, value }: SubjectDraft): ById | null {
  if (by === "metadata")
    return key.trim() === "" ? null : { by: "metadata", key: key.trim(), value };
  const session_ids = [...new Set(ids.split(/[\s,]+/).filter((id) => id !== ""))];
  return session_ids.length === 0 ? null : { by: "sessions", session_ids, connection_id: null };
}

type FieldsProps = {
  draft: SubjectDraft;
  onChange: (fields: Partial<SubjectDraft>) => void;
  /** To choose from; without them connections are not offered. */
  connections?: readonly { id: string; name: string | null }[];
};

export function SubjectFields({ draft, onChange, connections }: FieldsProps) {
  return (
    <>
      <Field label="Which sessions">
        {(props) => (
          <Select
            {...props}
            value={draft.by}
            onChange={(event) => onChange({ by: event.target.value as SubjectDraft["by"] })}
          >
            <option value="sessions">By their ids</option>
            <option value="metadata">By a value of metadata</option>
            {connections ? <option value="connection">All of a connection</option> : null}
          </Select>
        )}
      </Field>
      {draft.by === "sessions" ? (
        <Field label="Session ids" hint="one a line, or with commas between">
          {(props) => (
            <Textarea
              {...props}
              rows={3}
              spellCheck={false}
              className="font-mono"
              value={draft.ids}
              onChange={(event) => onChange({ ids: event.target.value })}
            />
          )}
        </Field>
      ) : null}
      {draft.by === "metadata" ? <MetadataFields draft={draft} onChange={onChange} /> : null}
      {draft.by === "connection" ? (
        <Field label="Connection">
          {(props) => (
            <Select
              {...props}
              value={draft.connection}
              onChange={(event) => onChange({ connection: event.target.value })}
            >
              <option value="">Choose …</option>
              {connections?.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name ?? id}
                </option>
              ))}
            </Select>
          )}
        </Field>
      ) : null}
    </>
  );
}

function MetadataFields({ draft, onChange }: Pick<FieldsProps, "draft" | "onChange">) {
  return (
    <div className="grid grid-cols-2 gap-3">
      {(["key", "value"] as const).map((name) => (
        <Field key={name} label={name === "key" ? "Key" : "Value, exactly"}>
          {(props) => (
            <Input
              {...props}
              autoComplete="off"
              spellCheck={false}
              className="font-mono"
              value={draft[name]}
              onChange={(event) => onChange({ [name]: event.target.value })}
            />
          )}
        </Field>
      ))}
    </div>
  );
}
