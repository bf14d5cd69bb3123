"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { X } from "lucide-react";
import { type FormEvent, useState } from "react";
import {
  type Draft,
  type DraftInterval,
  draftOf,
  EMPTY_INTERVAL,
  readDraft,
  WEEKDAYS,
} from "@/components/notify/mute-draft";
import { errorWords } from "@/components/shell/panel";
import { useScope } from "@/components/shell/scope";
import { Button, IconButton } from "@/components/ui/button";
import { Field, Input, Select } from "@/components/ui/field";
import { SuggestInput } from "@/components/ui/suggest-input";
import { ApiError } from "@/lib/http/client";
import type { MuteTimingItem } from "@/lib/notify/mute-schema";
import { NOTIFY, saveMuteTiming } from "@/lib/notify/queries";

type MuteFormProps = { timing: MuteTimingItem | null; onClose: () => void };

export function MuteForm({ timing, onClose }: MuteFormProps) {
  const { tz } = useScope();
  const [draft, setDraft] = useState(() => draftOf(timing, tz));
  const [isTried, setTried] = useState(false);
  const client = useQueryClient();
  const { body, issues } = readDraft(draft);
  const save = useMutation({
    mutationFn: () => saveMuteTiming(timing?.id ?? null, body),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: NOTIFY });
      onClose();
    },
  });
  const told = save.error instanceof ApiError ? save.error.issues : [];
  const change = (fields: Partial<Draft>) => {
    save.reset();
    setDraft((now) => ({ ...now, ...fields }));
  };
  const issueOf = (path: string) =>
    (isTried ? issues[path] : undefined) ??
    told.find((issue) => issue.path.startsWith(path))?.message ??
    null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(issues).length === 0) save.mutate();
  };
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-3">
      <Field label="Name" error={issueOf("name")}>
        {(props) => (
          <Input
            {...props}
            value={draft.name}
            placeholder="Nights"
            onChange={(event) => change({ name: event.target.value })}
          />
        )}
      </Field>
      <Field label="Time zone" error={issueOf("tz")}>
        {(props) => (
          <SuggestInput
            {...props}
            known={Intl.supportedValuesOf("timeZone").map((value) => ({ value }))}
            value={draft.tz}
            onChange={(event) => change({ tz: event.target.value })}
          />
        )}
      </Field>
      {draft.intervals.map((interval, at) => (
        <IntervalFields
          // biome-ignore lint/suspicious/noArrayIndexKey: an interval is known by its place
          key={at}
          interval={interval}
          at={at}
          issue={issueOf(`intervals.${at}`)}
          onChange={(fields) =>
            change({
              intervals: draft.intervals.map((one, index) =>
                index === at ? { ...one, ...fields } : one,
              ),
            })
          }
          onRemove={
            draft.intervals.length > 1
              ? () => change({ intervals: draft.intervals.filter((_, index) => index !== at) })
              : null
          }
        />
      ))}
      <Button
        size="sm"
        className="self-start"
        onClick={() => change({ intervals: [...draft.intervals, EMPTY_INTERVAL] })}
      >
        Add another time
      </Button>
      {save.error && told.length === 0 ? (
        <p role="alert" className="text-fail">
          {errorWords(save.error)}
        </p>
      ) : null}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" disabled={save.isPending}>
          {timing ? "Save" : "Add timing"}
        </Button>
      </div>
    </form>
  );
}

type IntervalFieldsProps = {
  interval: DraftInterval;
  at: number;
  issue: string | null;
  onChange: (fields: Partial<DraftInterval>) => void;
  onRemove: (() => void) | null;
};

function IntervalFields({ interval, at, issue, onChange, onRemove }: IntervalFieldsProps) {
  const text = (name: "times" | "days" | "months", label: string, hint: string) => (
    <Field label={label} hint={hint}>
      {(props) => (
        <Input
          {...props}
          value={interval[name]}
          onChange={(event) => onChange({ [name]: event.target.value })}
        />
      )}
    </Field>
  );
  return (
    <fieldset className="flex flex-col gap-2 rounded-md border p-3">
      <legend className="px-1 text-sm font-medium text-ink-2">Time {at + 1}</legend>
      {text("times", "Hours", "like 22:00-24:00, 00:00-07:00; left empty: all day")}
      <WeekdayFields
        weekdays={interval.weekdays}
        at={at}
        onChange={(weekdays) => onChange({ weekdays })}
      />
      <div className="grid grid-cols-2 gap-2">
        {text("days", "Days of the month", "like 1 to 7; -1 is the last")}
        {text("months", "Months", "like 12 or 6 to 8")}
      </div>
      {issue ? <p className="text-sm text-fail">{issue}</p> : null}
      {onRemove ? (
        <Button size="sm" variant="ghost" className="self-start" onClick={onRemove}>
          Remove
        </Button>
      ) : null}
    </fieldset>
  );
}

type Weekdays = DraftInterval["weekdays"];
type WeekdayFieldsProps = { weekdays: Weekdays; at: number; onChange: (next: Weekdays) => void };

const WORKDAYS = { from: "monday", to: "friday" } as const;

/** Ranges of weekdays, both ends included; none of them is every day. */
function WeekdayFields({ weekdays, at, onChange }: WeekdayFieldsProps) {
  const box = (name: "from" | "to", index: number) => (
    <Select
      aria-label={`${name === "from" ? "First" : "Last"} weekday ${index + 1}, time ${at + 1}`}
      value={weekdays[index]?.[name]}
      onChange={(event) =>
        onChange(
          weekdays.map((one, place) =>
            place === index ? { ...one, [name]: event.target.value } : one,
          ),
        )
      }
    >
      {WEEKDAYS.map((day) => (
        <option key={day} value={day}>
          {day}
        </option>
      ))}
    </Select>
  );
  return (
    <div className="flex flex-col gap-2">
      <p className="text-sm font-medium text-ink-2">
        Weekdays
        {weekdays.length === 0 ? <span className="font-normal text-ink-3">: every day</span> : null}
      </p>
      {weekdays.map((_, index) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: a range is known by its place
          key={index}
          className="grid grid-cols-[1fr_auto_1fr_auto] items-center gap-2"
        >
          {box("from", index)}
          <span className="text-ink-2">to</span>
          {box("to", index)}
          <IconButton
            label={`Remove weekdays ${index + 1}, time ${at + 1}`}
            onClick={() => onChange(weekdays.filter((__, place) => place !== index))}
          >
            <X size={14} aria-hidden />
          </IconButton>
        </div>
      ))}
      <Button
        size="sm"
        className="self-start"
        aria-label={`Add weekdays to time ${at + 1}`}
        onClick={() => onChange([...weekdays, WORKDAYS])}
      >
        {weekdays.length === 0 ? "Only on some weekdays" : "Add more weekdays"}
      </Button>
    </div>
  );
}
