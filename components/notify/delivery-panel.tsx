"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { X } from "lucide-react";
import Link from "next/link";
import { Standing } from "@/components/notify/deliveries-table";
import { useLiveInterval } from "@/components/shell/live";
import { errorWords, Panel, QueryState } from "@/components/shell/panel";
import { useHref } from "@/components/shell/scope";
import { Time } from "@/components/shell/time";
import { Needs } from "@/components/shell/viewer";
import { Button, IconButton } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { Mark } from "@/components/ui/mark";
import { formatDuration, plain } from "@/lib/format";
import type { DeliveryItem } from "@/lib/notify/delivery-schema";
import { deliveryDetail, NOTIFY, replayDelivery } from "@/lib/notify/queries";

const LIVE_MS = 3_000;

/** One message: every attempt at it, and the way to send it once more. */
export function DeliveryPanel({ id, onClose }: { id: string; onClose: () => void }) {
  const query = useQuery({ ...deliveryDetail(id), refetchInterval: useLiveInterval(LIVE_MS) });
  return (
    <Panel
      title="Message"
      actions={
        <IconButton label="Close the message" onClick={onClose}>
          <X size={14} aria-hidden />
        </IconButton>
      }
      className="lg:sticky lg:top-(--shell-height)"
    >
      <QueryState query={query} what="The message" height="min-h-60">
        {(delivery) => <Loaded delivery={delivery} />}
      </QueryState>
    </Panel>
  );
}

const FINISHED = ["sent", "failed", "dropped"];

function Loaded({ delivery }: { delivery: DeliveryItem }) {
  const client = useQueryClient();
  const href = useHref();
  const { id, content } = delivery;
  const replay = useMutation({
    mutationFn: () => replayDelivery(id),
    onSuccess: (next) => {
      client.setQueryData(deliveryDetail(id).queryKey, next);
      return client.invalidateQueries({ queryKey: [...NOTIFY, "deliveries"] });
    },
  });
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-start gap-3">
        <span className="mr-auto">
          <Standing delivery={delivery} />
        </span>
        <Needs scope="write">
          <Button
            disabled={replay.isPending || !FINISHED.includes(delivery.state)}
            onClick={() => replay.mutate()}
          >
            Send it again
          </Button>
        </Needs>
      </div>
      {replay.error ? (
        <p role="alert" className="text-fail">
          {errorWords(replay.error)}
        </p>
      ) : null}
      <ul className="flex flex-col gap-1">
        {[...content.firing, ...content.closed].map(({ id: episode, content: said }) => (
          <li key={episode} className="wrap-anywhere">
            <Link
              href={href(`/alerts/episodes/${encodeURIComponent(episode)}`)}
              className="underline decoration-line-strong underline-offset-2 hover:decoration-current"
            >
              {plain(said.rule.name)}
            </Link>{" "}
            <span className="text-ink-3">{said.status.replaceAll("_", " ")}</span>
          </li>
        ))}
        {content.more > 0 ? <li className="text-ink-3">and {content.more} more</li> : null}
      </ul>
      <Attempts attempts={delivery.attempts} />
      <p className="text-sm break-all text-ink-3">
        <span className="font-mono">{id}</span>, the receiver's webhook-id
      </p>
    </div>
  );
}

function Attempts({ attempts }: Pick<DeliveryItem, "attempts">) {
  if (attempts.length === 0) return <p className="text-ink-2">It was not tried yet.</p>;
  return (
    <ol aria-label="Attempts" className="flex flex-col">
      {attempts.map(({ at, ms, status, body, error, uncertain }) => (
        <li key={at} className="flex flex-col gap-1 border-t py-2">
          <p className="flex flex-wrap items-center gap-x-2">
            <Mark
              shape={error === null ? "check" : "cross"}
              tone={error === null ? "ok" : "fail"}
              word={status === null ? "no answer" : `answered ${status}`}
            />
            <span className="text-ink-3">after {formatDuration(ms)}</span>
            <Time at={at} style="daySecond" className="ml-auto text-sm text-ink-3" />
          </p>
          {error ? <p className="wrap-anywhere text-fail">{error}</p> : null}
          {uncertain ? (
            <p className="text-sm text-wait">It may have arrived all the same.</p>
          ) : null}
          {body === "" ? null : <CodeBlock text={body} label="answer" className="max-h-40" />}
        </li>
      ))}
    </ol>
  );
}
