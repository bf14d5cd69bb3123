"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { MatcherEditor } from "@/components/notify/matcher-editor";
import { SilencePreviewBox } from "@/components/notify/silence-preview";
import { presetOf, SILENCE_PRESETS, type SilencePreset } from "@/components/notify/silence-times";
import { errorWords } from "@/components/shell/panel";
import { useScope } from "@/components/shell/scope";
import { Button } from "@/components/ui/button";
import { Checkbox, Field, Input } from "@/components/ui/field";
import { ALERTS } from "@/lib/alerts/queries";
import { ApiError } from "@/lib/http/client";
import { NOTIFY, type SilenceBody, saveSilence } from "@/lib/notify/queries";
import type { Matcher } from "@/lib/notify/schema";
import type { SilenceItem } from "@/lib/notify/silence-schema";
import { instantOfWallClock, wallClock } from "@/lib/time/zone";

type SilenceFormProps = {
  /** Null for a new one, which begins with `matchers`. */
  silence: SilenceItem | null;
  matchers: readonly Matcher[];
  onClose: () => void;
};

type Draft = {
  matchers: Matcher[];
  reason: string;
  starts: string;
  ends: string;
  end_when_closed: boolean;
  end_when_idle: boolean;
};

function draftOf({ silence, matchers }: SilenceFormProps, nowMs: number, tz: string): Draft {
  if (!silence) {
    const { ends_at, end_when_closed } = presetOf("1h", nowMs, tz);
    const ends = clockOf(ends_at, tz);
    const written =
      matchers.length > 0 ? [...matchers] : [{ name: "", op: "=" as const, value: "" }];
    return {
      matchers: written,
      reason: "",
      starts: "",
      ends,
      end_when_closed,
      end_when_idle: false,
    };
  }
  const { reason, starts_at, ends_at, end_when_closed, end_when_idle } = silence;
  const [starts = "", ends = ""] = [starts_at, ends_at].map((at) => clockOf(at, tz));
  return { matchers: silence.matchers, reason, starts, ends, end_when_closed, end_when_idle };
}

/** To the minute, as one types it. */
const clockOf = (at: string, tz: string) => wallClock(Date.parse(at), tz).slice(0, 16);

type Issues = Record<string, string>;

/** The silence that is typed, and what is wrong with it. */
function readDraft(draft: Draft, tz: string): { body: SilenceBody; issues: Issues } {
  const { matchers, reason, starts, ends, end_when_closed, end_when_idle } = draft;
  const [startMs, endMs] = [starts, ends].map((text) => instantOfWallClock(text, tz));
  const issues: Issues = {};
  if (reason.trim() === "") issues.reason = "Say why, for whoever wonders where the messages are.";
  if (endMs == null) issues.ends_at = "Give its end.";
  else if (startMs != null && startMs >= endMs) issues.ends_at = "It must end after its start.";
  if (matchers.some(({ name }) => name.trim() === "")) issues.matchers = "Each needs a label.";
  const body = {
    ...{ matchers, reason: reason.trim(), end_when_closed, end_when_idle },
    ...(startMs == null ? {} : { starts_at: new Date(startMs).toISOString() }),
    ends_at: new Date(endMs ?? 0).toISOString(),
  };
  return { body, issues };
}

export function SilenceForm(props: SilenceFormProps) {
  const { silence, onClose } = props;
  const { tz } = useScope();
  const [draft, setDraft] = useState(() => draftOf(props, Date.now(), tz));
  const [isTried, setTried] = useState(false);
  const client = useQueryClient();
  const { body, issues } = readDraft(draft, tz);
  const save = useMutation({
    mutationFn: () => saveSilence(silence?.id ?? null, body),
    onSuccess: async () => {
      await Promise.all([ALERTS, NOTIFY].map((queryKey) => client.invalidateQueries({ queryKey })));
      onClose();
    },
  });
  const told = save.error instanceof ApiError ? save.error.issues : [];
  const shown: Issues = {
    ...Object.fromEntries(told.map(({ path, message }) => [path.split(".")[0] ?? "", message])),
    ...(isTried ? issues : {}),
  };
  const change = (fields: Partial<Draft>) => {
    save.reset();
    setDraft((now) => ({ ...now, ...fields }));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(issues).length === 0) save.mutate();
  };
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-3">
      <MatcherEditor
        matchers={draft.matchers}
        onChange={(matchers) => change({ matchers })}
        none="At least one label."
        issue={shown.matchers ?? null}
      />
      <SilencePreviewBox matchers={draft.matchers} />
      <Times draft={draft} change={change} issues={shown} tz={tz} />
      <Field label="Reason" error={shown.reason ?? null}>
        {(props) => (
          <Input
            {...props}
            value={draft.reason}
            maxLength={500}
            onChange={(event) => change({ reason: event.target.value })}
          />
        )}
      </Field>
      {save.error && told.length === 0 ? (
        <p role="alert" className="text-fail">
          {errorWords(save.error)}
        </p>
      ) : null}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" disabled={save.isPending}>
          {silence ? "Save" : "Silence"}
        </Button>
      </div>
    </form>
  );
}

type TimesProps = {
  draft: Draft;
  change: (fields: Partial<Draft>) => void;
  issues: Issues;
  tz: string;
};

function Times({ draft, change, issues, tz }: TimesProps) {
  const choose = (preset: SilencePreset) => {
    const { ends_at, end_when_closed } = presetOf(preset, Date.now(), tz);
    change({ ends: clockOf(ends_at, tz), end_when_closed });
  };
  return (
    <>
      <div className="flex flex-wrap gap-1.5">
        {SILENCE_PRESETS.map(({ id, label }) => (
          <Button key={id} size="sm" onClick={() => choose(id)}>
            {label}
          </Button>
        ))}
      </div>
      <div className="grid grid-cols-1 gap-3 sm:grid-cols-2">
        <Field label="From" hint={draft.starts === "" ? "left empty: now" : tz}>
          {(props) => (
            <Input
              {...props}
              type="datetime-local"
              value={draft.starts}
              onChange={(event) => change({ starts: event.target.value })}
            />
          )}
        </Field>
        <Field label="Until" hint={tz} error={issues.ends_at ?? null}>
          {(props) => (
            <Input
              {...props}
              type="datetime-local"
              value={draft.ends}
              onChange={(event) => change({ ends: event.target.value })}
            />
          )}
        </Field>
      </div>
      <Checkbox
        label="ends as soon as nothing it hid fires any more"
        checked={draft.end_when_closed}
        onChange={(event) => change({ end_when_closed: event.target.checked })}
      />
      <Checkbox
        label="ends when it has had nothing to hide for an hour"
        checked={draft.end_when_idle}
        onChange={(event) => change({ end_when_idle: event.target.checked })}
      />
    </>
  );
}
