"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Pencil } from "lucide-react";
import Link from "next/link";
import { matcherWords } from "@/components/notify/matcher-editor";
import { useRuleName } from "@/components/notify/use-rule-name";
import { errorWords } from "@/components/shell/panel";
import { useHref } from "@/components/shell/scope";
import { Ago, Time } from "@/components/shell/time";
import { Needs } from "@/components/shell/viewer";
import { Button, buttonClass, IconButton } from "@/components/ui/button";
import { Mark, type Shape, type Tone } from "@/components/ui/mark";
import { Tag } from "@/components/ui/tag";
import { ALERTS } from "@/lib/alerts/queries";
import { formatPlural } from "@/lib/format";
import { endSilence, NOTIFY } from "@/lib/notify/queries";
import type { SilenceItem } from "@/lib/notify/silence-schema";

const LOOKS: Record<SilenceItem["state"], { shape: Shape; tone: Tone; word: string }> = {
  active: { shape: "pause", tone: "stop", word: "Active" },
  pending: { shape: "hourglass", tone: "run", word: "To come" },
  expired: { shape: "ring", tone: "quiet", word: "Ended" },
};

/** One silence: what it hides, until when, and why. */
export function SilenceRow({ silence, onEdit }: { silence: SilenceItem; onEdit: () => void }) {
  const { state, matchers, reason, author, ends_soon } = silence;
  const words = matcherWords(matchers, useRuleName());
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-2 border-b p-3 last:border-b-0">
      <div className="flex min-w-56 flex-1 flex-col gap-0.5">
        <p className="flex flex-wrap items-center gap-x-3">
          <Mark {...LOOKS[state]} />
          {ends_soon ? <Tag tone="wait">ends soon</Tag> : null}
          <span className="min-w-0 font-medium wrap-anywhere">{words}</span>
        </p>
        <p className="wrap-anywhere">{reason}</p>
        <p className="text-sm text-ink-2">
          <Hidden silence={silence} /> · <Until silence={silence} /> · by {author}
          {silence.history.length > 0
            ? ` · changed ${formatPlural(silence.history.length, "time")}`
            : ""}
        </p>
      </div>
      {state === "expired" ? (
        <Again silence={silence} />
      ) : (
        <span className="flex items-center gap-1">
          <Needs scope="write">
            <EndButton silence={silence} words={words} />
            <IconButton label={`Edit the silence of ${words}`} onClick={onEdit}>
              <Pencil size={14} aria-hidden />
            </IconButton>
          </Needs>
        </span>
      )}
    </li>
  );
}

function Hidden({ silence: { state, matching, would_have_hidden } }: { silence: SilenceItem }) {
  const lately = `${formatPlural(would_have_hidden, "alert")} of the last 7 days`;
  if (state !== "active") return <>fits {lately}</>;
  return (
    <>
      hides <strong className="font-medium">{formatPlural(matching, "alert")}</strong> now; fits{" "}
      {lately}
    </>
  );
}

function Until({ silence }: { silence: SilenceItem }) {
  const { state, starts_at, ends_at, end_when_closed, end_when_idle } = silence;
  const sooner = end_when_closed
    ? ", or when all it hides has closed"
    : end_when_idle
      ? ", or when it has nothing to hide"
      : "";
  if (state === "expired")
    return (
      <>
        <Time at={starts_at} /> – <Time at={ends_at} />
      </>
    );
  return (
    <>
      {state === "pending" ? (
        <>
          from <Time at={starts_at} />{" "}
        </>
      ) : null}
      until <Time at={ends_at} /> (<Ago at={ends_at} />){sooner}
    </>
  );
}

function EndButton({ silence, words }: { silence: SilenceItem; words: string }) {
  const client = useQueryClient();
  const end = useMutation({
    mutationFn: () => endSilence(silence.id),
    onSuccess: () =>
      Promise.all([ALERTS, NOTIFY].map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
  return (
    <>
      <Button
        size="sm"
        aria-label={`End the silence of ${words}`}
        disabled={end.isPending}
        onClick={() => end.mutate()}
      >
        End now
      </Button>
      {end.error ? (
        <span role="alert" className="text-fail">
          {errorWords(end.error)}
        </span>
      ) : null}
    </>
  );
}

/** What has ended can be begun anew. */
function Again({ silence }: { silence: SilenceItem }) {
  const href = useHref();
  return (
    <Link
      href={href("/alerts/silences", {
        silence: "new",
        matchers: JSON.stringify(silence.matchers),
      })}
      className={buttonClass("default", "sm")}
    >
      Again…
    </Link>
  );
}
