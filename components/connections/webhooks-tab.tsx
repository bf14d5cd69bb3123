"use client";
import { useSyncExternalStore } from "react";
import { DeliveriesPanel } from "@/components/connections/deliveries-panel";
import { GapsPanel } from "@/components/connections/gaps-panel";
import { RefusalsPanel } from "@/components/connections/refusals-panel";
import { SecretsPanel } from "@/components/connections/secrets-panel";
import { Panel } from "@/components/shell/panel";
import { Ago } from "@/components/shell/time";
import { CodeBlock } from "@/components/ui/code-block";
import { Notice } from "@/components/ui/notice";
import type { ConnectionItem } from "@/lib/connections/schema";
import { formatPlural } from "@/lib/format";

/** Setting webhooks up, and what came of them: those that came, were refused, or did not come. */
export function WebhooksTab({
  item,
  publicUrl,
}: {
  item: ConnectionItem;
  publicUrl: string | null;
}) {
  return (
    <div className="flex flex-col gap-3">
      <Silence item={item} />
      <div className="grid grid-cols-1 items-start gap-3 lg:grid-cols-2">
        <AddressPanel path={item.webhook_path} publicUrl={publicUrl} />
        <SecretsPanel item={item} />
      </div>
      {item.webhooks_since === null ? null : <GapsPanel id={item.id} />}
      <DeliveriesPanel item={item} />
      <RefusalsPanel id={item.id} />
    </div>
  );
}

function Silence({ item }: { item: ConnectionItem }) {
  const { webhook_silence, last_webhook_at } = item;
  if (webhook_silence === null) return null;
  const { since, sessions } = webhook_silence;
  const rested = `${formatPlural(sessions, "session")}${sessions >= 100 ? " or more" : ""}`;
  return (
    <Notice tone="wait" live>
      <p className="font-medium">
        {last_webhook_at === null
          ? "No webhook has come since a secret was entered "
          : "The last webhook came "}
        <Ago at={since} />, and polling saw {rested} come to rest since.
      </p>
      <p className="text-ink-2">
        Nothing is missing here, but news comes later. In the Console, under Manage → Webhooks, see
        whether the endpoint is disabled (one redirect disables it) and has this address; refused
        deliveries are listed below.
      </p>
    </Notice>
  );
}

const never = () => () => {};

/** Where this page was opened, unless the installation says where people reach it. */
function useOrigin(publicUrl: string | null): string {
  return useSyncExternalStore(
    never,
    () => publicUrl ?? window.location.origin,
    () => publicUrl ?? "",
  );
}

function AddressPanel({ path, publicUrl }: { path: string; publicUrl: string | null }) {
  const origin = useOrigin(publicUrl);
  const url = `${origin.replace(/\/+$/, "")}${path}`;
  return (
    <Panel title="Address" hint="optional: without webhooks, polling finds everything">
      <div className="flex flex-col gap-2">
        <CodeBlock label="webhook address" text={url} />
        <ol className="list-decimal pl-4 text-ink-2">
          <li>In the Console open Manage → Webhooks and add an endpoint with this address.</li>
          <li>Choose all events of sessions; agents and environments are of use as well.</li>
          <li>Paste the signing secret, which is shown once, beside this.</li>
        </ol>
        {origin === "" || /^https:\/\/[^/:]+$/.test(origin) ? null : (
          <p className="text-wait">
            The platform delivers to HTTPS on port 443 of a public host only, which this address is
            not. Set WATCHKEEPER_PUBLIC_URL to the one it reaches this machine by.
          </p>
        )}
      </div>
    </Panel>
  );
}
