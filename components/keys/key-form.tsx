"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { addressesIn, SCOPE_WORDS } from "@/components/keys/words";
import type { Shown } from "@/components/people/shown-once";
import { errorWords } from "@/components/shell/panel";
import { Button } from "@/components/ui/button";
import { Field, Input, Select } from "@/components/ui/field";
import { createKey } from "@/lib/auth/queries";
import type { Scope } from "@/lib/auth/schema";
import { ApiError } from "@/lib/http/client";

const SCOPES = Object.keys(SCOPE_WORDS) as Scope[];
const LASTS = [
  { days: null, label: "for ever" },
  { days: 30, label: "30 days" },
  { days: 90, label: "90 days" },
  { days: 365, label: "a year" },
];
const EMPTY = { name: "", scope: "ingest" as Scope, days: "", addresses: "", rate: "" };

/** What a new key is for, and what it is bounded by. */
export function KeyForm({ onMade }: { onMade: (shown: Shown) => void }) {
  const [draft, setDraft] = useState(EMPTY);
  const client = useQueryClient();
  const make = useMutation({
    mutationFn: createKey,
    onSuccess: ({ name, key, expires_at }) => {
      onMade({ title: `The key ${name}`, text: key, until: expires_at });
      setDraft(EMPTY);
      return client.invalidateQueries({ queryKey: ["auth"] });
    },
  });
  const set = (name: keyof typeof EMPTY) => (event: { target: { value: string } }) =>
    setDraft({ ...draft, [name]: event.target.value });
  const issues = make.error instanceof ApiError ? make.error.issues : [];
  const issueOf = (path: string) =>
    issues.find((issue) => issue.path === path || issue.path.startsWith(`${path}.`))?.message ??
    null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate({
      name: draft.name,
      scopes: [draft.scope],
      expires_in_days: draft.days === "" ? null : Number(draft.days),
      addresses: addressesIn(draft.addresses),
      rate_per_minute: draft.rate === "" ? null : Number(draft.rate),
    });
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      <div className="flex flex-wrap items-start gap-3">
        <Field label="Name" error={issueOf("name")} className="w-56 max-w-full">
          {(p) => (
            <Input {...p} required maxLength={100} value={draft.name} onChange={set("name")} />
          )}
        </Field>
        <Field label="Scope" className="w-28">
          {(p) => (
            <Select {...p} value={draft.scope} onChange={set("scope")}>
              {SCOPES.map((scope) => (
                <option key={scope} value={scope}>
                  {scope}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="Lasts" className="w-28">
          {(p) => (
            <Select {...p} value={draft.days} onChange={set("days")}>
              {LASTS.map(({ days, label }) => (
                <option key={label} value={days ?? ""}>
                  {label}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="Only from" error={issueOf("addresses")} className="w-56 max-w-full">
          {(p) => (
            <Input
              {...p}
              placeholder="anywhere, or 10.0.0.0/8, …"
              spellCheck={false}
              value={draft.addresses}
              onChange={set("addresses")}
            />
          )}
        </Field>
        <Field label="Requests a minute" error={issueOf("rate_per_minute")} className="w-36">
          {(p) => (
            <Input
              {...p}
              type="number"
              min={1}
              max={100_000}
              placeholder="6000"
              value={draft.rate}
              onChange={set("rate")}
            />
          )}
        </Field>
      </div>
      <p className="text-sm text-ink-3">
        {draft.scope}: {SCOPE_WORDS[draft.scope]}.
      </p>
      {make.error && issues.length === 0 ? (
        <p role="alert" className="text-fail">
          {errorWords(make.error)}
        </p>
      ) : null}
      <Button type="submit" variant="primary" disabled={make.isPending} className="self-start">
        Make the key
      </Button>
    </form>
  );
}
