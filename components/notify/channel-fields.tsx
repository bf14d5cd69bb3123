"use client";
import {
  type Draft,
  FIELDS,
  type FieldSpec,
  type Issues,
  isSigning,
} from "@/components/notify/draft";
import { Button } from "@/components/ui/button";
import { Checkbox, Field, Input, Select, Textarea } from "@/components/ui/field";
import type { ChannelItem } from "@/lib/notify/channel-schema";

type FieldsProps = {
  draft: Draft;
  item: ChannelItem | null;
  change: (fields: Partial<Draft>) => void;
  /** The same of a field that is typed: from then on it is told what is wrong with it. */
  type: (name: string, fields: Partial<Draft>) => void;
  issues: Issues;
};

/** What the kind of channel needs. */
export function ChannelFields(props: FieldsProps) {
  return FIELDS[props.draft.kind].map((field) => (
    <OneField key={`${props.draft.kind} ${field.name}`} field={field} {...props} />
  ));
}

type OneFieldProps = FieldsProps & { field: FieldSpec };

function OneField({ field, ...form }: OneFieldProps) {
  const { draft, type, issues } = form;
  const { name, label, kind, options = [] } = field;
  const value = draft.texts[name] ?? "";
  const set = (text: string) => type(name, { texts: { ...draft.texts, [name]: text } });
  return (
    <>
      {kind === "signing" ? <KeptSecrets {...form} /> : null}
      <Field label={label} hint={hintOf(field, form.item)} error={issues[name] ?? null}>
        {(props) => {
          const shared = { ...props, value };
          if (kind === "choice")
            return (
              <Select {...shared} onChange={(event) => set(event.target.value)}>
                {options.map(([id, word]) => (
                  <option key={id} value={id}>
                    {word}
                  </option>
                ))}
              </Select>
            );
          if (kind === "headers")
            return (
              <Textarea
                {...shared}
                rows={2}
                spellCheck={false}
                className="font-mono"
                onChange={(event) => set(event.target.value)}
              />
            );
          return (
            <Input
              {...shared}
              type={kind === "secret" && name !== "url" ? "password" : "text"}
              autoComplete="off"
              spellCheck={false}
              inputMode={kind === "number" ? "numeric" : name === "url" ? "url" : undefined}
              onChange={(event) => set(event.target.value)}
            />
          );
        }}
      </Field>
      {kind === "signing" ? (
        <Button size="sm" className="self-start" onClick={() => set(newSigningSecret())}>
          Make one
        </Button>
      ) : null}
    </>
  );
}

/** A stored secret is never shown; its last characters say which it is. */
function hintOf({ name, hint, kind }: FieldSpec, item: ChannelItem | null): string | undefined {
  const stored = item?.secrets.find((secret) => secret.name === name);
  if (!stored || kind === "signing") return hint;
  return `${stored.hint} is stored; left empty, it stays`;
}

function KeptSecrets({ draft, item, change }: FieldsProps) {
  const stored = (item?.secrets ?? []).filter(({ name }) => isSigning(name));
  if (stored.length === 0) return null;
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 text-sm font-medium text-ink-2">Secrets that sign now</legend>
      {stored.map(({ hint }) => (
        <Checkbox
          key={hint}
          label={<span className="font-mono">{hint}</span>}
          checked={draft.kept.includes(hint)}
          onChange={(event) =>
            change({
              kept: event.target.checked
                ? [...draft.kept, hint]
                : draft.kept.filter((one) => one !== hint),
            })
          }
        />
      ))}
    </fieldset>
  );
}

const SECRET_BYTES = 32;

function newSigningSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  return `whsec_${btoa(String.fromCharCode(...bytes))}`;
}
