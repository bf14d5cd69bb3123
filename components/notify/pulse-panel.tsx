"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { errorWords, Panel, QueryState } from "@/components/shell/panel";
import { Ago } from "@/components/shell/time";
import { Needs } from "@/components/shell/viewer";
import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import { Mark } from "@/components/ui/mark";
import { ApiError } from "@/lib/http/client";
import type { Pulse } from "@/lib/notify/pulse-schema";
import { notifyPulse, saveNotifyPulse } from "@/lib/notify/queries";

const LIVE_MS = 30_000;

/** Who notices when nothing is judged any more: somebody elsewhere, who awaits a call a minute. */
export function PulsePanel() {
  const query = useQuery({ ...notifyPulse(), refetchInterval: LIVE_MS });
  return (
    <Panel title="Sign of life" hint="for somebody elsewhere to notice when Watchkeeper stops">
      <QueryState query={query} what="The sign of life" height="min-h-24">
        {(pulse) => <Form pulse={pulse} />}
      </QueryState>
    </Panel>
  );
}

function Form({ pulse }: { pulse: Pulse }) {
  const client = useQueryClient();
  const [url, setUrl] = useState("");
  const save = useMutation({
    mutationFn: (next: string | null) => saveNotifyPulse(next),
    onSuccess: (next) => {
      client.setQueryData(notifyPulse().queryKey, next);
      setUrl("");
    },
  });
  const told = save.error instanceof ApiError ? save.error.issues : [];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (url.trim() !== "") save.mutate(url.trim());
  };
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-3">
      <Standing pulse={pulse} />
      <Field
        label={pulse.url === null ? "Address" : "Another address"}
        hint="Called about once a minute, after rules were judged: a check of healthchecks.io, Dead Man's Snitch or the like."
        error={told.find(({ path }) => path === "url")?.message ?? null}
      >
        {(props) => (
          <Input
            {...props}
            inputMode="url"
            placeholder="https://hc-ping.com/…"
            value={url}
            onChange={(event) => {
              save.reset();
              setUrl(event.target.value);
            }}
          />
        )}
      </Field>
      <div className="flex flex-wrap items-center gap-2">
        <Needs scope="write">
          <Button type="submit" variant="primary" disabled={url.trim() === "" || save.isPending}>
            Save
          </Button>
          {pulse.url === null ? null : (
            <Button disabled={save.isPending} onClick={() => save.mutate(null)}>
              Call it no more
            </Button>
          )}
        </Needs>
        {save.error && told.length === 0 ? (
          <p role="alert" className="text-fail">
            {errorWords(save.error)}
          </p>
        ) : null}
      </div>
    </form>
  );
}

function Standing({ pulse: { url, called_at, ok, text } }: { pulse: Pulse }) {
  if (url === null) return <p className="text-ink-2">Nobody is called.</p>;
  return (
    <p className="flex flex-wrap items-center gap-x-2">
      <span className="font-mono break-all">{url}</span>
      {called_at === null ? (
        <span className="text-ink-3">not called yet</span>
      ) : (
        <>
          {ok === null ? null : (
            <Mark
              shape={ok ? "check" : "cross"}
              tone={ok ? "ok" : "fail"}
              word={text ?? (ok ? "answered" : "no answer")}
            />
          )}
          <span className="text-ink-3">
            called <Ago at={called_at} />
          </span>
        </>
      )}
    </p>
  );
}
