"use client";
import type { ReactNode } from "react";
import { issueAt, type RuleForm } from "@/components/alerts/rule-form";
import { Button } from "@/components/ui/button";
import { Checkbox, Field, Input, Select, Textarea } from "@/components/ui/field";

type Props = { form: RuleForm };

/** What is said in messages, and by whom it is minded. */
export function MessageFields({ form }: Props) {
  return (
    <div className="flex flex-col gap-3">
      <TextField form={form} name="summary" path="annotations.summary" label="Summary">
        a line for messages; {"{{ labels.agent }}, {{ value }}, {{ threshold }}"} and{" "}
        {"{{ severity }}"} are filled in
      </TextField>
      <Field
        label="Description"
        error={issueAt(form.issues, "annotations.description") ?? null}
        hint="what to do, in more words"
      >
        {(props) => (
          <Textarea
            {...props}
            rows={3}
            value={form.draft.description}
            onChange={(event) => form.change({ description: event.target.value })}
          />
        )}
      </Field>
      <TextField form={form} name="runbook_url" label="Runbook">
        a link to what to do
      </TextField>
      <TextField form={form} name="owner" label="Owner">
        is told when the rule itself cannot be judged
      </TextField>
      <Labels form={form} />
    </div>
  );
}

/** How it is judged: what few need to touch. */
export function TimingFields({ form }: Props) {
  const { draft, change } = form;
  return (
    <div className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,13rem),1fr))] gap-3">
      <TextField form={form} name="every" label="Judged every">
        30s at least
      </TextField>
      <TextField form={form} name="delay" label="With a delay of">
        windows end so long ago: late events still count
      </TextField>
      <TextField form={form} name="keep_firing_for" label="Kept open for">
        after it last breached; it does not flap meanwhile
      </TextField>
      <Field label="Without data" error={issueAt(form.issues, "no_data") ?? null}>
        {(props) => (
          <Select
            {...props}
            value={draft.no_data}
            onChange={(event) => change({ no_data: event.target.value as typeof draft.no_data })}
          >
            <option value="keep_last">stay as it was</option>
            <option value="ok">count as fine</option>
            <option value="firing">fire</option>
            <option value="no_data">say that there is no data</option>
          </Select>
        )}
      </Field>
      <TextField form={form} name="no_data_for" label="No data for">
        before it is told
      </TextField>
      <TextField form={form} name="low_volume_hold" label="Held with too little for">
        left empty: three windows, 30m at least
      </TextField>
      <TextField form={form} name="error_for" label="Errors in a row">
        before its owner is told
      </TextField>
      <TextField form={form} name="new_group_delay" label="New groups wait">
        before they are judged
      </TextField>
      <TextField form={form} name="max_instances" label="Alerts at most">
        those open stay; new ones beyond it are told of
      </TextField>
      <TextField form={form} name="missing_evals" label="Missing after">
        so many ticks without a group
      </TextField>
      <TextField form={form} name="max_staleness" label="Closed when missing for">
        a group that comes no more
      </TextField>
      <Checkbox
        label="Dry run: judged and kept, told to nobody"
        checked={draft.dry_run}
        onChange={(event) => change({ dry_run: event.target.checked })}
      />
    </div>
  );
}

type TextName =
  | ("summary" | "runbook_url" | "owner" | "every" | "delay" | "keep_firing_for" | "no_data_for")
  | ("low_volume_hold" | "error_for" | "new_group_delay" | "max_instances" | "missing_evals")
  | "max_staleness";

function TextField({
  form,
  name,
  path = name,
  label,
  children,
}: Props & { name: TextName; path?: string; label: string; children: ReactNode }) {
  return (
    <Field label={label} hint={children} error={issueAt(form.issues, path) ?? null}>
      {(props) => (
        <Input
          {...props}
          value={form.draft[name]}
          onChange={(event) => form.change({ [name]: event.target.value })}
        />
      )}
    </Field>
  );
}

/** Labels of the rule's own, which routes and silences can look at. */
function Labels({ form: { draft, change, issues } }: Props) {
  const set = (at: number, fields: Partial<(typeof draft.labels)[number]>) =>
    change({
      labels: draft.labels.map((label, index) => (index === at ? { ...label, ...fields } : label)),
    });
  const wrong = issueAt(issues, "labels");
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-sm font-medium text-ink-2">
        Labels <span className="font-normal text-ink-3">for routes and silences, like team</span>
      </legend>
      {draft.labels.map((label, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a label that is typed has no name yet
        <div key={at} className="flex items-center gap-2">
          <Input
            aria-label={`Name of label ${at + 1}`}
            placeholder="team"
            value={label.name}
            onChange={(event) => set(at, { name: event.target.value })}
          />
          =
          <Input
            aria-label={`Value of label ${at + 1}`}
            value={label.value}
            onChange={(event) => set(at, { value: event.target.value })}
          />
          <Button
            size="sm"
            variant="ghost"
            aria-label={`Remove label ${at + 1}`}
            onClick={() => change({ labels: draft.labels.filter((_, index) => index !== at) })}
          >
            Remove
          </Button>
        </div>
      ))}
      {wrong ? <p className="text-sm text-fail">{wrong}</p> : null}
      <div>
        <Button
          size="sm"
          onClick={() => change({ labels: [...draft.labels, { name: "", value: "" }] })}
        >
          Add a label
        </Button>
      </div>
    </fieldset>
  );
}
