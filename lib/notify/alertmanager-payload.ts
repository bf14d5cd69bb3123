import { sound } from "./clip";
import { alertsUrl, episodeUrl, silenceUrl } from "./links";
import type { Message, NoticeContent } from "./schema";
import { headingOf, measureText } from "./words";

/** As Alertmanager writes the end of what has none. */
const NO_END = "0001-01-01T00:00:00Z";
/** For so long an Alertmanager holds what it is not told again; it is told of the close when that comes. */
const HELD_MS = 30 * 86_400_000;

type Labels = Record<string, string>;
type Member = { id: string; content: NoticeContent };
type Told = { message: Message; base: string; receiver: string; groupKey: string };

/** What a webhook receiver of Alertmanager is posted, version 4. */
export function webhookV4({ message: written, base, receiver, groupKey }: Told): object {
  const message = sound(written);
  const alerts = [...message.firing, ...message.closed].map((member) => {
    const { labels, annotations, startsAt, generatorURL } = alertOf(member, message, base);
    const isClosed = member.content.status === "closed";
    return {
      status: isClosed ? "resolved" : "firing",
      ...{ labels, annotations, startsAt },
      endsAt: isClosed ? endOf(member.content) : NO_END,
      generatorURL,
      fingerprint: fingerprintOf(labels),
    };
  });
  return {
    receiver,
    status: message.firing.length > 0 ? "firing" : "resolved",
    alerts,
    groupLabels: labelsOf(message.group),
    commonLabels: common(alerts.map(({ labels }) => labels)),
    commonAnnotations: common(alerts.map(({ annotations }) => annotations)),
    externalURL: alertsUrl(base),
    version: "4",
    groupKey,
    truncatedAlerts: message.more,
  };
}

/** What `/api/v2/alerts` takes; `at` is when it is sent. */
export function postedAlerts({ message, base, at }: Pick<Told, "message" | "base"> & { at: Date }) {
  const sent = sound(message);
  return [...sent.firing, ...sent.closed].map((member) => {
    const isClosed = member.content.status === "closed";
    const held = new Date(at.getTime() + HELD_MS).toISOString();
    return { ...alertOf(member, sent, base), endsAt: isClosed ? endOf(member.content) : held };
  });
}

const endOf = ({ closed_at, at }: NoticeContent) => closed_at ?? at;

function alertOf({ id, content }: Member, { reason }: Message, base: string) {
  const { rule, severity, opened_at, summary, description, health, runbook_url } = content;
  const annotations: Labels = {
    summary: summary ?? headingOf(content),
    value: measureText(content),
    condition: content.condition,
    ...(description === null ? {} : { description }),
    ...(health === null ? {} : { error: health }),
    ...(runbook_url === null ? {} : { runbook_url }),
    silence_url: silenceUrl(base, id),
  };
  return {
    labels: labelsOf({
      ...content.labels,
      ...{ alertname: rule.name, rule_id: rule.id, severity },
      // By its labels an alert is known there: a test must not close a real one.
      ...(reason === "test" ? { test: "true" } : {}),
    }),
    annotations,
    startsAt: opened_at,
    generatorURL: episodeUrl(base, id),
  };
}

/** Names as Prometheus allows them; a label without a value is none. */
function labelsOf(labels: Labels): Labels {
  const named = Object.entries(labels).map(([name, value]) => [
    name.replace(/[^a-zA-Z0-9_]/g, "_").replace(/^(?=\d)/, "_"),
    value,
  ]);
  return Object.fromEntries(named.filter(([, value]) => value !== ""));
}

function common(all: readonly Labels[]): Labels {
  const [first = {}, ...others] = all;
  return Object.fromEntries(
    Object.entries(first).filter(([name, value]) => others.every((one) => one[name] === value)),
  );
}

const FNV_OFFSET = 0xcbf29ce484222325n;
const FNV_PRIME = 0x100000001b3n;
const SEPARATOR = 0xffn;

/** Prometheus' own: FNV-1a of 64 bits over the labels in the order of their names. */
export function fingerprintOf(labels: Labels): string {
  let hash = FNV_OFFSET;
  const mix = (byte: bigint) => {
    hash = BigInt.asUintN(64, (hash ^ byte) * FNV_PRIME);
  };
  for (const name of Object.keys(labels).sort())
    for (const text of [name, labels[name] ?? ""]) {
      for (const byte of Buffer.from(text)) mix(BigInt(byte));
      mix(SEPARATOR);
    }
  return hash.toString(16).padStart(16, "0");
}
