"use client";
import { useQuery } from "@tanstack/react-query";
import { briefLine, SEVERITY_LOOKS, shareOf, valueWords } from "@/components/alerts/words";
import { AttentionRow } from "@/components/overview/attention-row";
import { useHref } from "@/components/shell/scope";
import { Lasting } from "@/components/shell/time";
import type { AlertItem } from "@/lib/alerts/episode-schema";
import { alertsFiring } from "@/lib/alerts/queries";
import { formatPlural, plain } from "@/lib/format";

/** What fires, before everything else that needs somebody. The frame of the page asks for it. */
export function useFiring() {
  const { data } = useQuery(alertsFiring());
  return { alerts: data?.data ?? [], firing: data?.firing ?? 0 };
}

export function FiringRows({ alerts, firing }: ReturnType<typeof useFiring>) {
  const href = useHref();
  return (
    <>
      {alerts.map((alert) => (
        <FiringRow key={`${alert.rule_id} ${JSON.stringify(alert.labels)}`} alert={alert} />
      ))}
      {firing > alerts.length ? (
        <AttentionRow shape="cross" tone="fail" to={href("/alerts")} action="All alerts">
          {formatPlural(firing - alerts.length, "more alert fires", "more alerts fire")}
        </AttentionRow>
      ) : null}
    </>
  );
}

function FiringRow({ alert }: { alert: AlertItem }) {
  const href = useHref();
  const { shape, tone, word } = SEVERITY_LOOKS[alert.severity];
  const share = shareOf(alert.numerator, alert.denominator, alert.unit);
  const of = briefLine(alert.labels, alert.names);
  const path =
    alert.episode_id === null
      ? "/alerts"
      : `/alerts/episodes/${encodeURIComponent(alert.episode_id)}`;
  return (
    <AttentionRow
      shape={shape}
      tone={tone}
      to={href(path)}
      action="Open"
      aside={alert.acknowledged_by === null ? undefined : `seen by ${alert.acknowledged_by}`}
    >
      <span className="sr-only">{word}: </span>
      <strong className="font-medium">{plain(alert.rule_name)}</strong>
      {of === "" ? "" : ` for ${of}`}: {valueWords(alert.value, alert.unit)}
      {share ? ` (${share})` : ""}, for <Lasting since={alert.opened_at ?? alert.since} />
    </AttentionRow>
  );
}
