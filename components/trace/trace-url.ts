import type { TimeWindow } from "@/lib/sessions/timeline";
import { isoFromMicros, microsFromIso } from "@/lib/time/micros";

export const TABS = [
  "transcript",
  "spans",
  "events",
  "tools",
  "cost",
  "threads",
  "details",
] as const;
export type Tab = (typeof TABS)[number];

/** Where a list of events begins to be read. */
export type Anchor = { kind: "start" } | { kind: "end" } | { kind: "event"; id: string };

/** What the reader looks at; all of it stands in the URL. */
export type TraceState = {
  tab: Tab;
  eventId: string | null;
  /** "all", "primary" or a child thread's id */
  thread: string;
  zoom: TimeWindow | null;
  /** replayed instant; null is the present */
  atUs: number | null;
  categories: string[];
  q: string;
  anchor: Anchor;
};

export type TraceChange = Partial<TraceState>;

export function readState(params: URLSearchParams): TraceState {
  const tab = params.get("tab");
  const eventId = params.get("event");
  return {
    tab: TABS.find((one) => one === tab) ?? "transcript",
    eventId,
    thread: params.get("thread") ?? "all",
    zoom: readWindow(params.get("zoom")),
    atUs: microsFromIso(params.get("at") ?? ""),
    categories: params.getAll("show"),
    q: params.get("q") ?? "",
    anchor: readAnchor(params.get("read"), eventId),
  };
}

function readWindow(text: string | null): TimeWindow | null {
  const [from = "", to = ""] = text?.split("~") ?? [];
  const fromUs = microsFromIso(from);
  const toUs = microsFromIso(to);
  return fromUs !== null && toUs !== null && fromUs < toUs ? { fromUs, toUs } : null;
}

function readAnchor(text: string | null, eventId: string | null): Anchor {
  if (text === "end" || text === "start") return { kind: text };
  if (text) return { kind: "event", id: text };
  return eventId === null ? { kind: "start" } : { kind: "event", id: eventId };
}

/** The URL parameters of a change; null leaves a parameter out. */
export function stateParams(change: TraceChange): Record<string, string | string[] | null> {
  const params: Record<string, string | string[] | null> = {};
  if (change.tab !== undefined) params.tab = change.tab === "transcript" ? null : change.tab;
  if (change.eventId !== undefined) params.event = change.eventId;
  if (change.thread !== undefined) params.thread = change.thread === "all" ? null : change.thread;
  if (change.zoom !== undefined) {
    params.zoom = change.zoom
      ? `${isoFromMicros(change.zoom.fromUs)}~${isoFromMicros(change.zoom.toUs)}`
      : null;
  }
  if (change.atUs !== undefined) {
    params.at = change.atUs === null ? null : isoFromMicros(Math.round(change.atUs));
  }
  if (change.categories !== undefined) params.show = change.categories;
  if (change.q !== undefined) params.q = change.q || null;
  if (change.anchor !== undefined) {
    params.read = change.anchor.kind === "event" ? change.anchor.id : change.anchor.kind;
  }
  return params;
}
