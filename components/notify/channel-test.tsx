"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { TestAnswer } from "@/components/notify/test-answer";
import { errorWords } from "@/components/shell/panel";
import { Button } from "@/components/ui/button";
import type { ChannelItem, ChannelTest } from "@/lib/notify/channel-schema";
import { NOTIFY, testChannel } from "@/lib/notify/queries";

/** Sends a sample, tagged as one, and shows what the receiver says to it. */
export function ChannelTestPanel({ channel }: { channel: ChannelItem }) {
  const client = useQueryClient();
  const test = useMutation({
    mutationFn: (status: ChannelTest["status"]) => testChannel(channel.id, status),
    onSettled: () => client.invalidateQueries({ queryKey: NOTIFY }),
  });
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap gap-2">
        <Button size="sm" disabled={test.isPending} onClick={() => test.mutate("opened")}>
          {test.isPending ? "Sending…" : "Send test"}
          <span className="sr-only"> to {channel.name}</span>
        </Button>
        <Button
          size="sm"
          variant="ghost"
          disabled={test.isPending}
          onClick={() => test.mutate("closed")}
        >
          Send a closing test<span className="sr-only"> to {channel.name}</span>
        </Button>
      </div>
      <div role="status" className="flex flex-col gap-1 empty:hidden">
        {test.data ? <TestAnswer answer={test.data} /> : null}
      </div>
      {test.error ? (
        <p role="alert" className="text-fail">
          {errorWords(test.error)}
        </p>
      ) : null}
    </div>
  );
}
