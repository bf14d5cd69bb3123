"use client";
import { Ago } from "@/components/shell/time";
import { Mark } from "@/components/ui/mark";
import type { ConnectionItem } from "@/lib/connections/schema";

/** When the last webhook came, or why none is to be expected. */
export function WebhookMark({ connection }: { connection: ConnectionItem }) {
  const { webhooks_since, webhook_silence, last_webhook_at } = connection;
  if (webhooks_since === null) return <span className="text-ink-3">not set up</span>;
  if (webhook_silence) return <Mark shape="hourglass" tone="wait" word="silent" />;
  if (last_webhook_at === null) return <span className="text-ink-3">none yet</span>;
  return <Ago at={last_webhook_at} />;
}
