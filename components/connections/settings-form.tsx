"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ActionFields } from "@/components/connections/action-fields";
import { type Draft, draftOf, type Issues, patchOf } from "@/components/connections/draft";
import { ModeField } from "@/components/masking/mode-field";
import { errorWords, Panel } from "@/components/shell/panel";
import { Button } from "@/components/ui/button";
import { Checkbox, Field, Input, Select } from "@/components/ui/field";
import { changeConnection, testConnection } from "@/lib/connections/queries";
import type { ConnectionItem, ConnectionPatch } from "@/lib/connections/schema";
import { ApiError } from "@/lib/http/client";

export type Change = (fields: Partial<Draft>) => void;
export type FieldsProps = { draft: Draft; change: Change; issues: Issues; item: ConnectionItem };

/** Everything that can be set, told at once when it is wrong. What nobody touched follows the server. */
export function SettingsForm({ item }: { item: ConnectionItem }) {
  const [typed, setTyped] = useState<Partial<Draft>>({});
  const draft = { ...draftOf(item), ...typed };
  const { patch, issues } = patchOf(draft, item);
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: () => saved(item, patch),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["connections"] });
      setTyped({});
    },
  });
  const change: Change = (fields) => {
    save.reset();
    setTyped((before) => ({ ...before, ...fields }));
  };
  const undo = () => {
    save.reset();
    setTyped({});
  };
  const told = save.error instanceof ApiError ? save.error.issues : [];
  const shown: Issues = {
    ...Object.fromEntries(told.map(({ path, message }) => [path, message])),
    ...issues,
  };
  const isFine = Object.keys(issues).length === 0;
  const isChanged = Object.keys(patch).length > 0 || !isFine;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isFine) save.mutate();
  };
  const fields = { draft, change, issues: shown, item };
  return (
    <Panel title="Settings">
      <form onSubmit={submit} className="flex flex-col gap-3">
        <AccessFields {...fields} />
        <ReadingFields {...fields} />
        <ModeField
          label="What is kept of its content"
          value={draft.content_mode}
          onChange={(content_mode) => change({ content_mode })}
        />
        <AdminKeyField {...fields} />
        <ActionFields {...fields} />
        <div className="flex flex-wrap items-center gap-3">
          <Button
            type="submit"
            variant="primary"
            disabled={!isChanged || !isFine || save.isPending}
          >
            {save.isPending ? "Saving…" : "Save"}
          </Button>
          {isChanged ? <Button onClick={undo}>Undo</Button> : null}
          <span role="status" className="text-ok">
            {save.isSuccess && !isChanged ? "Saved." : null}
          </span>
        </div>
        {save.error && told.length === 0 ? (
          <p role="alert" className="text-fail">
            {errorWords(save.error)}
          </p>
        ) : null}
      </form>
    </Panel>
  );
}

/** A new key is tried before it takes the old one's place. */
async function saved(item: ConnectionItem, patch: ConnectionPatch): Promise<ConnectionItem> {
  const { api_key, base_url = item.base_url } = patch;
  if (api_key !== undefined) {
    const seen = await testConnection({ base_url, api_key });
    if (!seen.ok) throw new ApiError(400, { error: { code: "invalid", message: seen.message } });
  }
  return changeConnection(item.id, patch);
}

function AccessFields({ draft, change, issues, item }: FieldsProps) {
  return (
    <>
      <Field label="Name" error={issues.name ?? null}>
        {(props) => (
          <Input
            {...props}
            value={draft.name}
            onChange={(event) => change({ name: event.target.value })}
          />
        )}
      </Field>
      <Field
        label="Address"
        hint="another one for a self-hosted installation; it ends before /v1"
        error={issues.base_url ?? null}
      >
        {(props) => (
          <Input
            {...props}
            inputMode="url"
            value={draft.base_url}
            onChange={(event) => change({ base_url: event.target.value })}
          />
        )}
      </Field>
      <Field
        label="New API key"
        hint={`empty keeps the present one, which ends in ${item.api_key_hint || "…"}; a new one is tried first`}
        error={issues.api_key ?? null}
      >
        {(props) => (
          <Input
            {...props}
            type="password"
            autoComplete="off"
            value={draft.api_key}
            onChange={(event) => change({ api_key: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}

function ReadingFields({ draft, change, issues }: FieldsProps) {
  return (
    <>
      <Field
        label="Reads per minute"
        hint="of the organization's 1,200, which its own production shares"
        error={issues.reads_per_minute ?? null}
      >
        {(props) => (
          <Input
            {...props}
            inputMode="numeric"
            className="max-w-40"
            value={draft.reads_per_minute}
            onChange={(event) => change({ reads_per_minute: event.target.value })}
          />
        )}
      </Field>
      <div className="flex flex-wrap gap-3">
        <Field label="History" hint="archived sessions included" className="min-w-40">
          {(props) => (
            <Select
              {...props}
              value={draft.depth}
              onChange={(event) => change({ depth: event.target.value === "all" ? "all" : "days" })}
            >
              <option value="all">All of it</option>
              <option value="days">The last days only</option>
            </Select>
          )}
        </Field>
        {draft.depth === "days" ? (
          <Field label="Days" error={issues.backfill_days ?? null}>
            {(props) => (
              <Input
                {...props}
                inputMode="numeric"
                className="max-w-40"
                value={draft.backfill_days}
                onChange={(event) => change({ backfill_days: event.target.value })}
              />
            )}
          </Field>
        ) : null}
      </div>
      <Field
        label="When a session is deleted there"
        hint={
          draft.on_delete === "keep"
            ? "its history stays here, marked as deleted"
            : "it goes here as well, with all its events"
        }
        error={issues.on_delete ?? null}
      >
        {(props) => (
          <Select
            {...props}
            className="max-w-60"
            value={draft.on_delete}
            onChange={(event) =>
              change({ on_delete: event.target.value === "purge" ? "purge" : "keep" })
            }
          >
            <option value="keep">Keep it here</option>
            <option value="purge">Delete it here too</option>
          </Select>
        )}
      </Field>
    </>
  );
}

function AdminKeyField({ draft, change, issues, item }: FieldsProps) {
  return (
    <div className="flex flex-col gap-1">
      <Field
        label={item.has_admin_key ? "New Admin key" : "Admin key"}
        hint={
          item.has_admin_key
            ? "one is stored; empty keeps it"
            : "optional: with it the billed cost is read beside the computed one"
        }
        error={issues.admin_key ?? null}
      >
        {(props) => (
          <Input
            {...props}
            type="password"
            autoComplete="off"
            disabled={draft.dropsAdminKey}
            value={draft.admin_key}
            onChange={(event) => change({ admin_key: event.target.value })}
          />
        )}
      </Field>
      {item.has_admin_key ? (
        <Checkbox
          label="Remove the stored Admin key"
          checked={draft.dropsAdminKey}
          onChange={(event) => change({ dropsAdminKey: event.currentTarget.checked })}
        />
      ) : null}
    </div>
  );
}
