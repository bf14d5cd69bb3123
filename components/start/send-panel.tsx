"use client";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { errorWords, Panel } from "@/components/shell/panel";
import { useHref } from "@/components/shell/scope";
import { firstCurl } from "@/components/start/first-curl";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { Mark } from "@/components/ui/mark";
import { Notice } from "@/components/ui/notice";
import { createKey } from "@/lib/auth/queries";
import { awaitSession } from "@/lib/sessions/list-queries";

type Sample = { key: string; command: string; session: string };

/** A key, a command that uses it, and an eye on the door until its first event has come. */
export function SendPanel() {
  const [sample, setSample] = useState<Sample | null>(null);
  const make = useMutation({
    mutationFn: () => createKey({ name: "First events", scopes: ["ingest"] }),
    onSuccess: ({ key }) => {
      const session = `sesn_hello${Date.now().toString(36)}`;
      const command = firstCurl({
        origin: window.location.origin,
        key,
        session,
        nowMs: Date.now(),
      });
      setSample({ key, command, session });
    },
  });
  return (
    <Panel
      title="Send events"
      hint="from your own loops: Agent SDK, Messages API, anything that can POST"
    >
      {sample ? (
        <div className="flex flex-col gap-3">
          <Notice tone="wait">This key is shown once. It can send events and nothing else.</Notice>
          <CodeBlock label="ingest key" text={sample.key} />
          <CodeBlock label="command" text={sample.command} className="max-h-40" />
          <Watch session={sample.session} />
        </div>
      ) : (
        <div className="flex flex-col items-start gap-3">
          <p className="text-ink-2">
            POST JSON or NDJSON to <code className="font-mono text-ink">/api/v1/ingest</code> with
            an ingest key. Make one to get a command you can paste into a terminal. All of the API
            is described in{" "}
            <a href="/api/v1/openapi.json" className="text-accent underline underline-offset-2">
              openapi.json
            </a>
            .
          </p>
          <Button variant="primary" disabled={make.isPending} onClick={() => make.mutate()}>
            Create a key
          </Button>
          {make.error ? (
            <p role="alert" className="text-fail">
              {errorWords(make.error)}
            </p>
          ) : null}
        </div>
      )}
    </Panel>
  );
}

/** Asks every other second whether the session has come, then opens it. */
function Watch({ session }: { session: string }) {
  const router = useRouter();
  const href = useHref();
  const { data } = useQuery(awaitSession(session));
  const target = data ? href(`/sessions/${encodeURIComponent(session)}`) : null;
  useEffect(() => {
    if (target) router.push(target);
  }, [target, router]);
  return (
    <p role="status" className="flex items-center gap-2">
      {data ? (
        <Mark shape="check" tone="ok" word="It is here. Opening the session…" />
      ) : (
        <Mark shape="dot" tone="run" word="Waiting for the first event…" pulse />
      )}
    </p>
  );
}
