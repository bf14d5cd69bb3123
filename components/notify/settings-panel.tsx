"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { figureTyped, typedMs } from "@/components/alerts/typed-figure";
import { errorWords, Panel, QueryState } from "@/components/shell/panel";
import { Needs } from "@/components/shell/viewer";
import { Button } from "@/components/ui/button";
import { Checkbox, Field, Input } from "@/components/ui/field";
import { ApiError } from "@/lib/http/client";
import { NOTIFY, notifySettings, saveNotifySettings } from "@/lib/notify/queries";
import type { NotifySettings } from "@/lib/notify/settings-schema";

/** What holds for every message where no route says otherwise. */
export function SettingsPanel() {
  const query = useQuery(notifySettings());
  return (
    <Panel title="For all messages" hint="where no route says otherwise">
      <QueryState query={query} what="What holds for all messages" height="min-h-60">
        {(settings) => <Form settings={settings} />}
      </QueryState>
    </Panel>
  );
}

const TIMERS = [
  ["group_wait_ms", "First message after", "at once for critical ones"],
  ["group_interval_ms", "Updates at most every", undefined],
  ["repeat_critical_ms", "Remind of critical ones every", "0s for never"],
  ["repeat_chat_ms", "Remind of others every", undefined],
  ["repeat_pager_ms", "The same on pagers", undefined],
] as const;
type Timer = (typeof TIMERS)[number][0];

const INHIBITIONS = [
  ["rule_health", "a rule that cannot be judged says nothing of missing data as well"],
  ["critical_over_warning", "a critical alert hides warnings about the very same"],
  ["platform_down", "while the platform is down, nothing is said of single agents' rates"],
] as const;

type Typed = Partial<Record<Timer, string>>;

/** What is typed, as lengths of time; what is none is named. */
function readTimers(settings: NotifySettings, typed: Typed) {
  const wrong: Timer[] = [];
  const timers = { ...settings.timers };
  for (const [name] of TIMERS) {
    const text = typed[name];
    if (text === undefined) continue;
    const ms = text.trim() === "0" ? 0 : typedMs(text);
    if (ms === null) wrong.push(name);
    else timers[name] = ms;
  }
  return { timers, wrong };
}

function Form({ settings }: { settings: NotifySettings }) {
  const client = useQueryClient();
  const [typed, setTyped] = useState<Typed>({});
  const [inhibition, setInhibition] = useState<Partial<NotifySettings["inhibition"]>>({});
  const { timers, wrong } = readTimers(settings, typed);
  const wanted = { timers, inhibition: { ...settings.inhibition, ...inhibition } };
  const isChanged =
    wrong.length > 0 ||
    TIMERS.some(([name]) => timers[name] !== settings.timers[name]) ||
    INHIBITIONS.some(([name]) => wanted.inhibition[name] !== settings.inhibition[name]);
  const save = useMutation({
    mutationFn: () => saveNotifySettings(wanted),
    onSuccess: async (next) => {
      client.setQueryData(notifySettings().queryKey, next);
      setTyped({});
      setInhibition({});
      await client.invalidateQueries({ queryKey: NOTIFY });
    },
  });
  const told = save.error instanceof ApiError ? save.error.issues : [];
  const issueOf = (name: Timer) =>
    wrong.includes(name)
      ? "expected a length of time, like 30s or 4h"
      : (told.find(({ path }) => path.endsWith(name))?.message ?? null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (wrong.length === 0) save.mutate();
  };
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-3">
      <div className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,12rem),1fr))] gap-3">
        {TIMERS.map(([name, label, hint]) => (
          <Field key={name} label={label} hint={hint} error={issueOf(name)}>
            {(props) => (
              <Input
                {...props}
                value={typed[name] ?? figureTyped(settings.timers[name], "ms")}
                onChange={(event) => {
                  save.reset();
                  setTyped((now) => ({ ...now, [name]: event.target.value }));
                }}
              />
            )}
          </Field>
        ))}
      </div>
      {INHIBITIONS.map(([name, words]) => (
        <Checkbox
          key={name}
          label={words}
          checked={wanted.inhibition[name]}
          onChange={(event) => {
            save.reset();
            setInhibition((now) => ({ ...now, [name]: event.target.checked }));
          }}
        />
      ))}
      <div className="flex flex-wrap items-center gap-3">
        <Needs scope="write">
          <Button
            type="submit"
            variant="primary"
            disabled={!isChanged || wrong.length > 0 || save.isPending}
          >
            Save
          </Button>
        </Needs>
        <span role="status" className="text-ok">
          {save.isSuccess && !isChanged ? "Saved." : null}
        </span>
        {save.error && told.length === 0 ? (
          <p role="alert" className="text-fail">
            {errorWords(save.error)}
          </p>
        ) : null}
      </div>
    </form>
  );
}
