"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ChoiceList } from "@/components/notify/choice-list";
import { MatcherEditor } from "@/components/notify/matcher-editor";
import { type Draft, draftOf, readDraft } from "@/components/notify/route-draft";
import { errorWords } from "@/components/shell/panel";
import { Button } from "@/components/ui/button";
import { Checkbox, Field, Input } from "@/components/ui/field";
import { ApiError } from "@/lib/http/client";
import { channelsList, muteTimingsList, NOTIFY, saveRoute } from "@/lib/notify/queries";
import type { RouteItem } from "@/lib/notify/route-schema";

type RouteFormProps = { route: RouteItem | null; onClose: () => void };

export function RouteForm({ route, onClose }: RouteFormProps) {
  const [draft, setDraft] = useState(() => draftOf(route));
  const client = useQueryClient();
  const channels = useQuery(channelsList()).data?.data ?? [];
  const timings = useQuery(muteTimingsList()).data?.data ?? [];
  const { body, issues } = readDraft(draft);
  const save = useMutation({
    mutationFn: () => saveRoute(route?.id ?? null, body),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: NOTIFY });
      onClose();
    },
  });
  const told = save.error instanceof ApiError ? save.error.issues : [];
  const shown: Record<string, string> = {
    ...Object.fromEntries(told.map(({ path, message }) => [path.split(".")[0] ?? "", message])),
    ...issues,
  };
  const isFine = Object.keys(issues).length === 0;
  const change = (fields: Partial<Draft>) => {
    save.reset();
    setDraft((now) => ({ ...now, ...fields }));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isFine) save.mutate();
  };
  const form = { draft, change, issues: shown };
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-3">
      <TextField {...form} name="name" label="Name" />
      <MatcherEditor
        matchers={draft.matchers}
        onChange={(matchers) => change({ matchers })}
        none="Every alert."
        issue={shown.matchers ?? null}
      />
      <ChoiceList
        label="go to"
        options={channels.map(({ id, name }) => ({ id, name }))}
        chosen={draft.channels}
        onChange={(ids) => change({ channels: ids })}
        none="There is no channel yet."
      />
      <Checkbox
        label="and on to the routes after it"
        checked={draft.continue}
        onChange={(event) => change({ continue: event.target.checked })}
      />
      <div className="grid grid-cols-1 gap-3 sm:grid-cols-2">
        <TextField
          {...form}
          name="group_by"
          label="Together by"
          hint="labels; ... for each by itself"
        />
        <TextField {...form} name="group_wait_ms" label="First message after" hint="like 30s" />
        <TextField
          {...form}
          name="group_interval_ms"
          label="Updates at most every"
          hint="like 5m"
        />
        <TextField {...form} name="repeat_ms" label="Remind every" hint="like 4h; 0s for never" />
      </div>
      <Escalation {...form} channels={channels} />
      {timings.length > 0 ? (
        <>
          <ChoiceList
            label="Silent during"
            options={timings}
            chosen={draft.mute_timings}
            onChange={(ids) => change({ mute_timings: ids })}
          />
          <ChoiceList
            label="Silent except during"
            options={timings}
            chosen={draft.active_timings}
            onChange={(ids) => change({ active_timings: ids })}
          />
        </>
      ) : null}
      {save.error && told.length === 0 ? (
        <p role="alert" className="text-fail">
          {errorWords(save.error)}
        </p>
      ) : null}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" disabled={!isFine || save.isPending}>
          {route ? "Save" : "Add route"}
        </Button>
      </div>
    </form>
  );
}

type Form = {
  draft: Draft;
  change: (fields: Partial<Draft>) => void;
  issues: Record<string, string>;
};
type TextName = "name" | "group_by" | "group_wait_ms" | "group_interval_ms" | "repeat_ms";

function TextField({
  draft,
  change,
  issues,
  name,
  label,
  hint,
}: Form & { name: TextName; label: string; hint?: string }) {
  const isTimer = name.endsWith("_ms");
  return (
    <Field label={label} hint={hint} error={issues[name] ?? null}>
      {(props) => (
        <Input
          {...props}
          value={draft[name]}
          placeholder={isTimer ? "as for all" : undefined}
          onChange={(event) => change({ [name]: event.target.value })}
        />
      )}
    </Field>
  );
}

/** Who is told next when nobody has acknowledged it. */
function Escalation({
  draft,
  change,
  issues,
  channels,
}: Form & { channels: readonly { id: string; name: string }[] }) {
  const set = (at: number, fields: Partial<Draft["escalate"][number]>) =>
    change({
      escalate: draft.escalate.map((step, index) => (index === at ? { ...step, ...fields } : step)),
    });
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-sm font-medium text-ink-2">If nobody acknowledges it</legend>
      {draft.escalate.map((step, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a step is known by its place
        <div key={at} className="flex flex-col gap-2 rounded-md border p-2">
          <div className="flex items-center gap-2">
            after
            <Input
              aria-label={`Escalate after, step ${at + 1}`}
              className="!w-24"
              placeholder="15m"
              value={step.after}
              onChange={(event) => set(at, { after: event.target.value })}
            />
            <Button
              size="sm"
              variant="ghost"
              className="ml-auto"
              onClick={() =>
                change({ escalate: draft.escalate.filter((_, index) => index !== at) })
              }
            >
              Remove
            </Button>
          </div>
          <ChoiceList
            label="also tell"
            options={channels}
            chosen={step.channels}
            onChange={(ids) => set(at, { channels: ids })}
          />
        </div>
      ))}
      {issues.escalate ? <p className="text-sm text-fail">{issues.escalate}</p> : null}
      <Button
        size="sm"
        className="self-start"
        onClick={() => change({ escalate: [...draft.escalate, { after: "15m", channels: [] }] })}
      >
        Add a step
      </Button>
    </fieldset>
  );
}
