"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useSettled } from "@/components/alerts/use-settled";
import { errorWords } from "@/components/shell/panel";
import { Input, Select } from "@/components/ui/field";
import { Tag } from "@/components/ui/tag";
import { alertsFiring, rulesList } from "@/lib/alerts/queries";
import { formatDuration } from "@/lib/format";
import { routePreview } from "@/lib/notify/queries";
import type { RoutePreviewAnswer } from "@/lib/notify/route-schema";

const TYPING_MS = 300;

/** "agent=triage, team=core" as labels. */
function labelsOf(text: string): Record<string, string> {
  return Object.fromEntries(
    text
      .split(",")
      .map((part) => part.split("=").map((side) => side.trim()))
      .flatMap(([name = "", value = ""]) => (name === "" ? [] : [[name, value]])),
  );
}

/** Which way an alert would take. */
export function RoutePreviewForm() {
  const rules = useQuery(rulesList()).data?.data ?? [];
  const firing = useQuery(alertsFiring()).data?.data ?? [];
  const [ruleId, setRuleId] = useState("");
  const [text, setText] = useState("");
  const rule = rules.find(({ id }) => id === ruleId);
  const fires = firing.find((alert) => alert.rule_id === ruleId);
  const asked = JSON.stringify({
    labels: {
      ...(rule ? { ...rule.labels, ...fires?.labels } : {}),
      ...(rule ? { alertname: rule.name, severity: rule.severity, rule_id: rule.id } : {}),
      ...labelsOf(text),
    },
    channels: rule?.channels ?? [],
  });
  const settled = useSettled(asked, TYPING_MS);
  const { data, error } = useQuery({
    ...routePreview(settled),
    enabled: rule !== undefined || text.trim() !== "",
  });
  return (
    <div className="flex flex-col gap-2 border-t p-3">
      <h3 className="font-medium">Which way would an alert go?</h3>
      <div className="grid grid-cols-1 gap-2 sm:grid-cols-2">
        <Select
          aria-label="Rule of the alert"
          value={ruleId}
          onChange={(event) => setRuleId(event.target.value)}
        >
          <option value="">of any rule</option>
          {rules.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
        <Input
          aria-label="Labels of the alert"
          placeholder="agent=triage, severity=critical"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      {error ? <p className="text-fail">{errorWords(error)}</p> : null}
      {data ? <Answer answer={data} /> : null}
    </div>
  );
}

function Answer({ answer: { routes, targets, silenced } }: { answer: RoutePreviewAnswer }) {
  return (
    <div aria-live="polite" className="flex flex-col gap-1">
      <p>
        {routes.length === 0
          ? "No route takes it."
          : `Taken by ${routes.map(({ name }) => name).join(", then ")}.`}
        {silenced ? " A silence keeps it back now." : ""}
      </p>
      {targets.length === 0 ? (
        <p className="text-wait">Nobody would be told.</p>
      ) : (
        <ul className="flex flex-col gap-1">
          {targets.map(({ channel, route, timers, muted, after_ms }) => (
            <li key={`${channel.id} ${route} ${after_ms}`} className="flex flex-wrap gap-x-2">
              <span className="font-medium">{channel.name}</span>
              {muted ? <Tag tone="stop">muted now</Tag> : null}
              <span className="text-ink-2">
                {after_ms > 0
                  ? `${formatDuration(after_ms)} later, if nobody acknowledges it`
                  : `first message after ${formatDuration(timers.group_wait_ms)}`}
                , updates at most every {formatDuration(timers.group_interval_ms)}
                {timers.repeat_ms > 0
                  ? `, a reminder every ${formatDuration(timers.repeat_ms)}`
                  : ""}
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
