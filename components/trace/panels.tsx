"use client";
import dynamic from "next/dynamic";
import type { ReactNode } from "react";
import type { Tab } from "@/components/trace/trace-url";
import { Skeleton } from "@/components/ui/skeleton";

// Which rows are in view only the browser knows, so the server draws none; the panels' code comes
// apart from the page's own, the first one's at once, the others' when they are opened.
const loading = () => <Skeleton className="m-3 flex-1" />;
const transcript =
  typeof window === "undefined" ? null : import("@/components/trace/transcript-panel");
const TranscriptPanel = dynamic(
  () =>
    (transcript ?? import("@/components/trace/transcript-panel")).then(
      (module) => module.TranscriptPanel,
    ),
  { ssr: false, loading },
);
const SpansPanel = dynamic(
  () => import("@/components/trace/spans-panel").then((module) => module.SpansPanel),
  { ssr: false, loading },
);
const EventsPanel = dynamic(
  () => import("@/components/trace/events-panel").then((module) => module.EventsPanel),
  { ssr: false, loading },
);
const ToolsPanel = dynamic(
  () => import("@/components/trace/tools-panel").then((module) => module.ToolsPanel),
  { ssr: false, loading },
);
const CostPanel = dynamic(
  () => import("@/components/trace/cost-panel").then((module) => module.CostPanel),
  { ssr: false, loading },
);
const ThreadsPanel = dynamic(
  () => import("@/components/trace/threads-panel").then((module) => module.ThreadsPanel),
  { ssr: false, loading },
);
const DetailsPanel = dynamic(
  () => import("@/components/trace/details-panel").then((module) => module.DetailsPanel),
  { ssr: false, loading },
);

export const PANELS: Record<Tab, () => ReactNode> = {
  transcript: () => <TranscriptPanel />,
  spans: () => <SpansPanel />,
  events: () => <EventsPanel />,
  tools: () => <ToolsPanel />,
  cost: () => <CostPanel />,
  threads: () => <ThreadsPanel />,
  details: () => <DetailsPanel />,
};

export const TAB_LABELS: Record<Tab, string> = {
  transcript: "Transcript",
  spans: "Spans",
  events: "Events",
  tools: "Tools",
  cost: "Cost",
  threads: "Threads",
  details: "Details",
};
