"use client";
import type { FieldsProps } from "@/components/connections/settings-form";
import { Checkbox, Field, Input } from "@/components/ui/field";

/** The only thing that Watchkeeper may send there: off until an admin switches it on. */
export function ActionFields({ draft, change, issues }: Omit<FieldsProps, "item">) {
  return (
    <fieldset className="flex flex-col gap-2 border-t pt-3">
      <legend className="sr-only">Actions</legend>
      <Checkbox
        label="Alert rules may interrupt sessions"
        checked={draft.interrupts}
        onChange={(event) => change({ interrupts: event.currentTarget.checked })}
      />
      <p className="text-sm text-ink-3">
        Otherwise Watchkeeper only reads there. A rule interrupts after a dry run, each session
        once, and the audit log has every attempt; the key has to be allowed to send events.
      </p>
      {draft.interrupts ? (
        <Field
          label="Interrupts in an hour, at most"
          hint="by all rules together; each has a limit of its own beside it"
          error={issues.interrupts_per_hour ?? null}
        >
          {(props) => (
            <Input
              {...props}
              inputMode="numeric"
              className="max-w-40"
              value={draft.interrupts_per_hour}
              onChange={(event) => change({ interrupts_per_hour: event.target.value })}
            />
          )}
        </Field>
      ) : null}
    </fieldset>
  );
}
