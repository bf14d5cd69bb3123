"use client";
import Link from "next/link";
import { type FormEvent, useState } from "react";
import { useHref } from "@/components/shell/scope";
import type { ImportProblem, ImportResult } from "@/components/start/import-run";
import type { ImportedFile } from "@/components/start/use-import";
import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import { Mark } from "@/components/ui/mark";
import { Progress } from "@/components/ui/progress";
import { SCROLLABLE } from "@/components/ui/scrollable";
import { formatBytes, formatCount, formatPlural, plain } from "@/lib/format";

type RowProps = { file: ImportedFile; onRetry: (extra: { session?: string }) => void };

/** One file: what was in it, how far it is, what was taken, and what was not and why. */
export function ImportFileRow({ file, onRetry }: RowProps) {
  return (
    <li className="flex flex-col gap-2 border-b py-2 last:border-b-0">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <StateMark file={file} />
        <span className="min-w-0 truncate font-medium">{file.name}</span>
        <span className="text-sm text-ink-3">
          {[formatBytes(file.bytes), ...file.notes].join(" · ")}
        </span>
      </div>
      {file.state === "working" ? (
        <Progress
          label={`Importing ${file.name}`}
          value={file.result && file.result.total > 0 ? file.result.sent / file.result.total : null}
        />
      ) : null}
      {file.state === "needs_session" ? (
        <AskSession onGive={(session) => onRetry({ session })} />
      ) : null}
      {file.state === "failed" ? (
        <p className="flex flex-wrap items-center gap-3 text-fail">
          {file.error}
          <Button size="sm" onClick={() => onRetry({})}>
            Try again
          </Button>
        </p>
      ) : null}
      {file.state === "done" && file.result ? <Result result={file.result} /> : null}
    </li>
  );
}

function StateMark({ file }: { file: ImportedFile }) {
  switch (file.state) {
    case "queued":
      return <Mark shape="ring" tone="quiet" label="Waiting its turn" />;
    case "working":
      return <Mark shape="dot" tone="run" label="Importing" pulse />;
    case "needs_session":
      return <Mark shape="query" tone="wait" label="Something is missing" />;
    case "failed":
      return <Mark shape="cross" tone="fail" label="Failed" />;
    case "done":
      return file.result?.problems.length ? (
        <Mark shape="query" tone="wait" label="Taken in part" />
      ) : (
        <Mark shape="check" tone="ok" label="Taken" />
      );
  }
}

function AskSession({ onGive }: { onGive: (session: string) => void }) {
  const [session, setSession] = useState("");
  function submit(event: FormEvent) {
    event.preventDefault();
    if (session.trim()) onGive(session.trim());
  }
  return (
    <form onSubmit={submit} className="flex flex-wrap items-end gap-2">
      <Field
        label="These events do not name their session. Which one is it?"
        className="w-80 max-w-full"
      >
        {(p) => (
          <Input
            {...p}
            placeholder="sesn_…"
            spellCheck={false}
            value={session}
            onChange={(event) => setSession(event.target.value)}
          />
        )}
      </Field>
      <Button type="submit" disabled={session.trim() === ""}>
        Import with this id
      </Button>
    </form>
  );
}

function Result({ result }: { result: ImportResult }) {
  const figures = [
    [result.accepted, "taken"],
    [result.updated, "updated"],
    [result.duplicates, "already here"],
    [result.problems.length, "rejected"],
  ] as const;
  return (
    <>
      <p role="status" className="flex flex-wrap gap-x-3">
        {figures.map(([count, word]) =>
          count > 0 || word === "taken" ? (
            <span key={word} className={word === "rejected" ? "text-fail" : undefined}>
              {formatCount(count)} {word}
            </span>
          ) : null,
        )}
        <SessionLinks sessions={result.sessions} />
        {result.kept > 0 ? <RejectedLink /> : null}
      </p>
      {result.problems.length > 0 ? <Problems problems={result.problems} /> : null}
    </>
  );
}

const LINK = "text-accent underline underline-offset-2";

function RejectedLink() {
  const href = useHref();
  return (
    <Link className={LINK} href={href("/rejected", { source: "import" })}>
      Look at what was rejected
    </Link>
  );
}

const LINKS = 3;

function SessionLinks({ sessions }: { sessions: readonly string[] }) {
  const href = useHref();
  if (sessions.length > LINKS)
    return (
      <Link
        className={LINK}
        href={href("/sessions", { source: "import", range: "all", from: null, to: null })}
      >
        Open the {formatPlural(sessions.length, "session")}
      </Link>
    );
  return sessions.map((id) => (
    <Link key={id} className={LINK} href={href(`/sessions/${encodeURIComponent(id)}`)}>
      Open {plain(id)}
    </Link>
  ));
}

function Problems({ problems }: { problems: readonly ImportProblem[] }) {
  return (
    <div {...SCROLLABLE} className="max-h-48 overflow-auto rounded-md border bg-sunken">
      <table className="w-full text-sm">
        <caption className="sr-only">What was rejected, and why</caption>
        <tbody>
          {problems.map(({ where, message }) => (
            <tr key={`${where} ${message}`} className="border-b last:border-b-0">
              <th
                scope="row"
                className="w-px px-2 py-1 text-left align-top font-normal whitespace-nowrap text-ink-3"
              >
                {where}
              </th>
              <td className="px-2 py-1 wrap-anywhere">{message}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
