"use client";
import dynamic from "next/dynamic";
import { useMemo } from "react";
import { HiddenContent } from "@/components/shell/hidden";
import { useShortcuts } from "@/components/shell/shortcuts";
import { useMay } from "@/components/shell/viewer";
import { CursorProvider, useNewCursor } from "@/components/trace/cursor";
import { PANELS, TAB_LABELS } from "@/components/trace/panels";
import { RetainedNote } from "@/components/trace/retained-note";
import { SessionHeader } from "@/components/trace/session-header";
import { TimelinePanel } from "@/components/trace/timeline-panel";
import { Toolbar } from "@/components/trace/toolbar";
import { TraceProvider, useTrace } from "@/components/trace/trace-context";
import { TABS, type Tab } from "@/components/trace/trace-url";
import { useNewTrace } from "@/components/trace/use-new-trace";
import { Tabs } from "@/components/ui/tabs";
import { formatCount } from "@/lib/format";
import type { Named } from "@/lib/sessions/named";

const Inspector = dynamic(
  () => import("@/components/trace/inspector").then((module) => module.Inspector),
  { ssr: false, loading: () => <aside className="w-104 shrink-0 border-l max-lg:hidden" /> },
);

const ReplayBar = dynamic(
  () => import("@/components/trace/replay-bar").then((module) => module.ReplayBar),
  { ssr: false, loading: () => <div className="min-h-[41px] border-t bg-surface" /> },
);

/** Tabs of nothing but content. */
const HIDDEN_TABS: readonly Tab[] = ["transcript", "events"];

/** One session: what happened, why it ended as it did, what it cost. */
export function SessionView({ id, connection }: Named) {
  const trace = useNewTrace(useMemo(() => ({ id, connection }), [id, connection]));
  const cursor = useNewCursor();
  return (
    <TraceProvider value={trace}>
      <CursorProvider value={cursor}>
        <div className="flex flex-col lg:h-[calc(100dvh-var(--shell-height))]">
          <SessionHeader />
          <RetainedNote />
          <TimelinePanel />
          <Body />
          <ReplayBar />
        </div>
      </CursorProvider>
    </TraceProvider>
  );
}

function Body() {
  const { data, state, set, select, replay } = useTrace();
  const { item } = data;
  const counts: Partial<Record<Tab, number>> = {
    events: item.events,
    tools: item.tool_calls,
    threads: item.threads,
  };
  useShortcuts(
    TABS.map((tab, at) => ({
      keys: `${at + 1}`,
      label: TAB_LABELS[tab],
      group: "Session",
      run: () => set({ tab }),
    })),
  );
  const replaying = replay.atUs !== null;
  useShortcuts(
    state.eventId === null && !replaying
      ? []
      : [
          {
            keys: "escape",
            label: "Close the inspector, then leave the replay",
            group: "Session",
            run: () => (state.eventId === null ? replay.seek(null) : select(null)),
          },
        ],
  );
  const mayRead = useMay("read");
  const isHidden = !mayRead && HIDDEN_TABS.includes(state.tab);
  const listed = mayRead && ["transcript", "spans", "events"].includes(state.tab);
  return (
    <div className="flex h-[calc(100dvh-var(--shell-height)-3rem)] min-h-96 lg:h-auto lg:min-h-0 lg:flex-1">
      <div className="flex min-h-0 min-w-0 flex-1 flex-col bg-surface">
        <Tabs
          label="Views of the session"
          items={TABS.map((tab) => {
            const count = counts[tab];
            return {
              id: tab,
              label: TAB_LABELS[tab],
              ...(count === undefined ? {} : { count: formatCount(count) }),
            };
          })}
          value={state.tab}
          onChange={(tab) => set({ tab: TABS.find((one) => one === tab) ?? "transcript" })}
          className="flex min-h-0 flex-1 flex-col [&>[role=tabpanel]]:flex [&>[role=tabpanel]]:min-h-0 [&>[role=tabpanel]]:flex-1 [&>[role=tabpanel]]:flex-col"
        >
          {listed ? (
            <div className="border-b px-3 lg:px-4">
              <Toolbar />
            </div>
          ) : null}
          {isHidden ? <HiddenContent what="What this session said and did" /> : PANELS[state.tab]()}
        </Tabs>
      </div>
      {mayRead && state.eventId !== null ? <Inspector eventId={state.eventId} /> : null}
    </div>
  );
}
