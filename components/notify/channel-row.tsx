"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Pencil, Trash2 } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { ChannelTestPanel } from "@/components/notify/channel-test";
import { channelLook, KIND_WORDS, placeOf } from "@/components/notify/words";
import { errorWords } from "@/components/shell/panel";
import { useHref } from "@/components/shell/scope";
import { Ago } from "@/components/shell/time";
import { Needs } from "@/components/shell/viewer";
import { Button, IconButton } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Mark } from "@/components/ui/mark";
import { Tag } from "@/components/ui/tag";
import { formatPlural, plain } from "@/lib/format";
import type { ChannelItem } from "@/lib/notify/channel-schema";
import { NOTIFY, removeChannel, saveChannel } from "@/lib/notify/queries";

/** One channel: whether it works, what it is, a test of it. */
export function ChannelRow({ channel, onEdit }: { channel: ChannelItem; onEdit: () => void }) {
  const [isAsked, setAsked] = useState(false);
  return (
    <li className="flex flex-col gap-2 border-b p-3 last:border-b-0">
      <div className="flex items-start gap-2">
        <div className="min-w-0 flex-1">
          <p className="flex flex-wrap items-center gap-x-2">
            <span className="font-medium wrap-anywhere">{plain(channel.name)}</span>
            <span className="text-ink-3">{KIND_WORDS[channel.kind]}</span>
            {channel.is_default ? <Tag>default</Tag> : null}
            {channel.carries_links ? (
              <Tag title="It also carries links for new passwords: only admins change its server or remove it.">
                password links
              </Tag>
            ) : null}
            {channel.sends_closes ? null : <Tag>openings only</Tag>}
          </p>
          <p className="text-sm break-all text-ink-3">{placeOf(channel)}</p>
        </div>
        <Needs scope="write">
          <IconButton label={`Edit ${channel.name}`} onClick={onEdit}>
            <Pencil size={14} aria-hidden />
          </IconButton>
        </Needs>
        <Needs scope={channel.carries_links ? "admin" : "write"}>
          <IconButton label={`Remove ${channel.name}`} onClick={() => setAsked(true)}>
            <Trash2 size={14} aria-hidden />
          </IconButton>
        </Needs>
      </div>
      <Standing channel={channel} />
      <Needs scope="write">
        <ChannelTestPanel channel={channel} />
      </Needs>
      {isAsked ? <RemoveDialog channel={channel} onClose={() => setAsked(false)} /> : null}
    </li>
  );
}

function Standing({ channel }: { channel: ChannelItem }) {
  const href = useHref();
  const client = useQueryClient();
  const { id, state, state_reason: reason, failures, waiting, last_sent_at: last } = channel;
  const enable = useMutation({
    mutationFn: () => saveChannel(id, { state: "ok" }),
    onSuccess: () => client.invalidateQueries({ queryKey: NOTIFY }),
  });
  return (
    <div className="flex flex-col gap-1">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Mark {...channelLook(channel)} />
        <Link
          href={href("/alerts/deliveries", { channel: id })}
          className="text-sm text-ink-2 underline decoration-line-strong underline-offset-2 hover:decoration-current"
        >
          {last === null ? (
            "nothing sent yet"
          ) : (
            <>
              last sent <Ago at={last} />
            </>
          )}
          {waiting > 0 ? `, ${formatPlural(waiting, "message waits", "messages wait")}` : ""}
          {failures > 0 ? `, ${formatPlural(failures, "attempt")} failed in a row` : ""}
        </Link>
        {state === "disabled" ? (
          <Needs scope="write">
            <Button size="sm" disabled={enable.isPending} onClick={() => enable.mutate()}>
              Use it again
            </Button>
          </Needs>
        ) : null}
      </p>
      {reason ? <p className="wrap-anywhere text-fail">{reason}</p> : null}
      {enable.error ? (
        <p role="alert" className="text-fail">
          {errorWords(enable.error)}
        </p>
      ) : null}
    </div>
  );
}

function RemoveDialog({ channel, onClose }: { channel: ChannelItem; onClose: () => void }) {
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => removeChannel(channel.id),
    onSuccess: async () => {
      onClose();
      await client.invalidateQueries({ queryKey: NOTIFY });
    },
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={`Remove ${channel.name}?`}
      description={
        channel.waiting > 0
          ? `${formatPlural(channel.waiting, "message")} that ${channel.waiting === 1 ? "waits" : "wait"} for it will not be sent.`
          : "Its secrets go at once. Routes and rules that name it tell nobody there any more."
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="danger" disabled={remove.isPending} onClick={() => remove.mutate()}>
            Remove channel
          </Button>
        </>
      }
    >
      {remove.error ? (
        <p role="alert" className="text-fail">
          {errorWords(remove.error)}
        </p>
      ) : null}
    </Dialog>
  );
}
