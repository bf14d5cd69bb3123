"use client";
import { AttentionRow as Row } from "@/components/overview/attention-row";
import { FiringRows, useFiring } from "@/components/overview/firing-rows";
import { useHref } from "@/components/shell/scope";
import { Lasting, Time } from "@/components/shell/time";
import { Mark } from "@/components/ui/mark";
import {
  formatCompact,
  formatCount,
  formatDuration,
  formatNanos,
  formatPercent,
  formatPlural,
  plain,
} from "@/lib/format";
import type { AttentionItem } from "@/lib/overview/schema";

type AgentRef = Extract<AttentionItem, { kind: "failing" }>["agent"];

function agentName({ name, id, version }: AgentRef): string {
  const word = plain(name ?? id ?? "an unknown agent");
  return version === null ? word : `${word} v${version}`;
}

/** What somebody should look at first, in sentences, each with the way to it. */
export function Attention({ items }: { items: readonly AttentionItem[] }) {
  const fires = useFiring();
  if (items.length === 0 && fires.alerts.length === 0)
    return (
      <p className="flex min-h-9 items-center px-3">
        <Mark shape="check" tone="ok" word="Nothing needs anybody right now." />
      </p>
    );
  return (
    <ul className="flex flex-col">
      <FiringRows {...fires} />
      {items.map((item) => (
        <Item key={keyOf(item)} item={item} />
      ))}
    </ul>
  );
}

function keyOf(item: AttentionItem): string {
  if (item.kind === "failing") return `failing ${item.agent.id} ${item.agent.version}`;
  if (item.kind === "stopped" || item.kind === "behind")
    return `${item.kind} ${item.connection.id}`;
  return item.kind;
}

function Item({ item }: { item: AttentionItem }) {
  switch (item.kind) {
    case "failing":
    case "waiting":
    case "silent":
      return <OfSessions item={item} />;
    case "dear":
    case "unpriced":
      return <OfMoney item={item} />;
    case "stopped":
    case "behind":
    case "rebuilding":
    case "rejected":
      return <OfIntake item={item} />;
  }
}

type Of<Kind> = { item: Extract<AttentionItem, { kind: Kind }> };

function OfSessions({ item }: Of<"failing" | "waiting" | "silent">) {
  const href = useHref();
  switch (item.kind) {
    case "failing":
      return (
        <Row
          shape="cross"
          tone="fail"
          to={href("/sessions", {
            ...(item.agent.id ? { agent: item.agent.id } : {}),
            ...(item.agent.version === null ? {} : { agent_version: String(item.agent.version) }),
            failed: "true",
            by: "settled",
            range: null,
            from: item.from,
            to: item.to,
          })}
          action="Sessions"
          aside={`${formatNanos(item.cost_nanos)} spent`}
        >
          <strong className="font-medium">{agentName(item.agent)}</strong> fails{" "}
          {formatPercent(item.settled === 0 ? null : item.failed / item.settled)} (
          {formatCount(item.failed)} of {formatCount(item.settled)}) since{" "}
          <Time at={item.from} style="dayMinute" />
          {item.normal === null ? "" : `, normal ${formatPercent(item.normal)}`}
        </Row>
      );
    case "waiting":
      return (
        <Row
          shape="hourglass"
          tone="wait"
          to={href("/sessions", {
            outcome: "waiting",
            range: "all",
            from: null,
            to: null,
            sort: "last_event_at",
            order: "asc",
          })}
          action="Answer"
          aside={`${formatNanos(item.cost_nanos)} so far`}
        >
          {formatPlural(item.sessions, "session waits", "sessions wait")} for an answer, the oldest
          for <Lasting since={item.oldest.since} />
          {item.oldest.tool ? (
            <>
              {" "}
              ({plain(item.oldest.tool)} in {agentName(item.oldest.agent)})
            </>
          ) : (
            ` (${agentName(item.oldest.agent)})`
          )}
        </Row>
      );
    case "silent":
      return (
        <Row
          shape="dot"
          tone="run"
          to={
            item.sessions === 1
              ? href(`/sessions/${encodeURIComponent(item.oldest.session_id)}`, {
                  connection: item.oldest.connection_id,
                })
              : href("/sessions", {
                  outcome: "running",
                  range: "all",
                  from: null,
                  to: null,
                  sort: "last_event_at",
                  order: "asc",
                })
          }
          action="Open"
          aside={`${formatNanos(item.cost_nanos)} so far`}
        >
          {formatPlural(item.sessions, "session runs", "sessions run")} without an event, the
          longest for <Lasting since={item.oldest.since} /> ({agentName(item.oldest.agent)})
        </Row>
      );
  }
}

function OfMoney({ item }: Of<"dear" | "unpriced">) {
  const href = useHref();
  if (item.kind === "unpriced") {
    const [model] = item.models;
    return (
      <Row
        shape="query"
        tone="stop"
        to={model ? href("/settings/prices", { add: model }) : href("/costs", { by: "model" })}
        action={model ? "Add price" : "Costs"}
        aside="in no cost"
      >
        {formatCompact(item.tokens)} tokens have no known price
        {item.models.length > 0 ? `: ${item.models.map(plain).join(", ")}` : ""}
      </Row>
    );
  }
  const { agent } = item;
  return (
    <Row
      shape="rise"
      tone="wait"
      to={href("/costs", { by: "agent" })}
      action="Costs"
      aside={`+ ${formatNanos(item.cost_nanos - item.expected_nanos)}`}
    >
      Cost is {formatNanos(item.cost_nanos)}, {formatNanos(item.expected_nanos)} in the same hours
      of the {item.weeks} weeks before
      {agent ? (
        <>
          ; most above its own:{" "}
          <strong className="font-medium">{agentName({ ...agent, version: null })}</strong> (+{" "}
          {formatNanos(agent.excess_nanos)})
        </>
      ) : null}
    </Row>
  );
}

function OfIntake({ item }: Of<"stopped" | "behind" | "rebuilding" | "rejected">) {
  const href = useHref();
  if (item.kind === "rebuilding")
    return (
      <Row shape="hourglass" tone="wait">
        After an update, {formatPlural(item.sessions, "session")} are still to be derived anew; all
        figures are partial until then
      </Row>
    );
  if (item.kind === "rejected")
    return (
      <Row
        shape="query"
        tone="stop"
        to={href("/rejected")}
        action="Look"
        aside={<Time at={item.last_at} />}
      >
        {formatPlural(item.items, "item")} could not be taken in
        {item.message === null ? "" : `; the last: ${plain(item.message)}`}
      </Row>
    );
  const { id, name } = item.connection;
  const to = href(`/settings/connections/${encodeURIComponent(id)}`);
  if (item.kind === "stopped")
    return (
      <Row shape="cross" tone="fail" to={to} action="Mend">
        The connection <strong className="font-medium">{plain(name)}</strong> stopped
        {item.reason === null ? "." : `: ${plain(item.reason)}`}
      </Row>
    );
  return (
    <Row shape="hourglass" tone="wait" to={to} action="Look">
      The connection <strong className="font-medium">{plain(name)}</strong> is{" "}
      {formatDuration(item.lag_seconds * 1000)} behind what happens
    </Row>
  );
}
