"use client";
import Link from "next/link";
import type { ReactNode } from "react";
import {
  CLOSE_WORDS,
  SEVERITY_LOOKS,
  STATUS_LOOKS,
  shareOf,
  valueWords,
} from "@/components/alerts/words";
import { DELIVERY_LOOKS, REASON_WORDS } from "@/components/notify/words";
import { useHref } from "@/components/shell/scope";
import { Time } from "@/components/shell/time";
import { Mark, type Shape, type Tone } from "@/components/ui/mark";
import type { ActionState } from "@/lib/alerts/action";
import type { EpisodeDetail } from "@/lib/alerts/episode-schema";
import type { CloseReason } from "@/lib/alerts/schema";
import { formatPlural, plain } from "@/lib/format";

type Entry = {
  at: string;
  key: string;
  shape: Shape;
  tone: Tone;
  words: ReactNode;
  aside?: ReactNode;
};
type Transition = EpisodeDetail["transitions"][number];

/** Transitions, messages, what people did: in the order of time. */
export function EpisodeTimeline({ episode }: { episode: EpisodeDetail }) {
  const entries = [
    ...episode.transitions.map((one) => ofTransition(one, episode.unit)),
    ...ofPeople(episode),
    ...ofAction(episode.action),
    ...episode.held.map(ofHold),
    ...episode.deliveries.map(ofDelivery),
  ].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return (
    <ol>
      {entries.map(({ key, at, shape, tone, words, aside }) => (
        <li
          key={key}
          className="flex min-h-9 flex-wrap items-baseline gap-x-3 border-t px-3 py-1.5"
        >
          <Time at={at} style="daySecond" className="shrink-0 text-sm text-ink-3" />
          <span className="flex min-w-0 flex-1 items-baseline gap-1.5">
            <Mark shape={shape} tone={tone} className="shrink-0 translate-y-0.5" />
            <span className="min-w-0 wrap-anywhere">{words}</span>
          </span>
          {aside ? <span className="text-right whitespace-nowrap text-ink-2">{aside}</span> : null}
        </li>
      ))}
    </ol>
  );
}

const EVENT_WORDS: Record<NonNullable<Transition["event"]>, string> = {
  open: "opened",
  close: "closed",
  escalate: "got worse",
  ease: "eased",
  no_data: "has no data",
  flapping: "is flapping: damped until it rests",
  flapping_ended: "rests again",
};

function ofTransition(one: Transition, unit: string): Entry {
  const { at, from, to, event, reason, severity, value, numerator, denominator } = one;
  const { shape, tone, word } = STATUS_LOOKS[to];
  const share = shareOf(numerator, denominator, unit);
  const why =
    reason !== null && reason in CLOSE_WORDS ? CLOSE_WORDS[reason as CloseReason] : reason;
  return {
    ...{ at, shape, tone, key: `${at} ${from} ${to} ${event}` },
    words: (
      <>
        <span className="font-medium">{event === null ? word : EVENT_WORDS[event]}</span>
        {event === "open" || event === "escalate" || event === "ease"
          ? `, ${SEVERITY_LOOKS[severity].word.toLowerCase()}`
          : ""}
        {why ? `: ${why}` : ""}
      </>
    ),
    aside: (
      <>
        {valueWords(value, unit)}
        {share ? <span className="text-ink-3"> {share}</span> : null}
      </>
    ),
  };
}

function ofPeople({ acknowledged_at: at, acknowledged_by: by, notes }: EpisodeDetail): Entry[] {
  return [
    ...(at === null
      ? []
      : [
          {
            ...{ at, key: "acknowledged", shape: "check" as const, tone: "ok" as const },
            words: `acknowledged by ${by}`,
          },
        ]),
    ...notes.map(({ id, author, created_at }) => ({
      ...{ at: created_at, key: id, shape: "dot" as const, tone: "quiet" as const },
      words: `${author} wrote a note`,
    })),
  ];
}

const ACTION_LOOKS: Record<ActionState, { shape: Shape; tone: Tone; words: string }> = {
  waiting: { shape: "hourglass", tone: "wait", words: "the session is to be interrupted" },
  sending: { shape: "hourglass", tone: "run", words: "the session is being interrupted" },
  sent: { shape: "square", tone: "stop", words: "the rule interrupted the session" },
  noted: { shape: "ring", tone: "quiet", words: "dry run: it would have been interrupted" },
  withheld: { shape: "pause", tone: "wait", words: "the session was not interrupted" },
  failed: { shape: "cross", tone: "fail", words: "the session could not be interrupted" },
};

function ofAction(action: EpisodeDetail["action"]): Entry[] {
  if (action === null) return [];
  const { state, reason, attempts, finished_at, tried_at, created_at } = action;
  const { words, ...look } = ACTION_LOOKS[state];
  return [
    {
      ...{ ...look, at: finished_at ?? tried_at ?? created_at, key: "action" },
      words: (
        <>
          {words}
          {reason ? <span className="block text-sm text-ink-2">{reason}</span> : null}
        </>
      ),
      aside: attempts > 1 ? formatPlural(attempts, "attempt") : null,
    },
  ];
}

const HOLD_WORDS = {
  silence: "the silence",
  mute: "the mute timing",
  inhibited: "an alert of",
} as const;

function ofHold(one: EpisodeDetail["held"][number]): Entry {
  const { kind, by_id, by_name, channel_name, from, until } = one;
  return {
    ...{ at: from, key: `held ${channel_name} ${kind} ${by_id} ${from}` },
    ...{ shape: "pause", tone: "stop" },
    words: (
      <>
        messages to {plain(channel_name ?? "a channel that is gone")} held back by{" "}
        {HOLD_WORDS[kind]}{" "}
        <HolderLink kind={kind} id={by_id}>
          {kind === "silence" ? `“${plain(by_name)}”` : by_name}
        </HolderLink>
      </>
    ),
    aside:
      until === null ? (
        "still"
      ) : (
        <>
          until <Time at={until} style="daySecond" />
        </>
      ),
  };
}

const HOLDERS = {
  silence: () => "/alerts/silences",
  mute: () => "/alerts/channels",
  inhibited: (id: string) => `/alerts/rules/${encodeURIComponent(id)}`,
};

function HolderLink(props: { kind: keyof typeof HOLDERS; id: string; children: ReactNode }) {
  const href = useHref();
  return (
    <Link
      href={href(HOLDERS[props.kind](props.id))}
      className="underline decoration-line-strong underline-offset-2 hover:decoration-current"
    >
      {props.children}
    </Link>
  );
}

function ofDelivery(one: EpisodeDetail["deliveries"][number]): Entry {
  const { shape, tone, word } = DELIVERY_LOOKS[one.state];
  const error = one.state === "sent" ? null : one.last_error;
  return {
    ...{ at: one.created_at, key: one.id, shape, tone },
    words: (
      <>
        message to {one.channel_name ?? "a channel that is gone"}: {REASON_WORDS[one.reason]}
        {error ? <span className="block text-sm text-fail">{error}</span> : null}
      </>
    ),
    aside: <DeliveryLink id={one.id}>{word.toLowerCase()}</DeliveryLink>,
  };
}

function DeliveryLink({ id, children }: { id: string; children: string }) {
  const href = useHref();
  return (
    <Link
      href={href("/alerts/deliveries", { delivery: id })}
      className="underline decoration-line-strong underline-offset-2 hover:decoration-current"
    >
      {children}
    </Link>
  );
}
