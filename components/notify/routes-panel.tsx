"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ArrowDown, ArrowUp, Pencil, Trash2 } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { matcherWords } from "@/components/notify/matcher-editor";
import { RoutePreviewForm } from "@/components/notify/route-preview";
import { errorWords, Panel, QueryState } from "@/components/shell/panel";
import { useUrlState } from "@/components/shell/scope";
import { Needs } from "@/components/shell/viewer";
import { Button, IconButton } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { formatDuration, plain } from "@/lib/format";
import {
  channelsList,
  NOTIFY,
  orderRoutes,
  removeRoute,
  routesList,
  saveRoute,
} from "@/lib/notify/queries";
import type { RouteItem } from "@/lib/notify/route-schema";

const RouteForm = dynamic(
  () => import("@/components/notify/route-form").then((module) => module.RouteForm),
  { ssr: false },
);

/** Who is told of what: looked at from the first to the last, until one takes the alert. */
export function RoutesPanel() {
  const { params, set } = useUrlState();
  const query = useQuery(routesList());
  const chosen = params.get("route");
  const route = query.data?.data.find(({ id }) => id === chosen) ?? null;
  const isOpen = chosen === "new" || route !== null;
  const close = () => set({ route: null });
  return (
    <Panel
      title="Routes"
      hint="from first to last, until one takes the alert"
      actions={
        <Needs scope="write">
          <Button size="sm" onClick={() => set({ route: "new" })}>
            New route
          </Button>
        </Needs>
      }
      flush
    >
      <QueryState
        query={query}
        what="The routes"
        height="min-h-24"
        empty={{
          when: ({ data }) => data.length === 0,
          title: "No route yet.",
          children:
            "Without one, alerts go to the channels that their rules name, or to the default channel.",
        }}
      >
        {({ data }) => <Routes routes={data} onEdit={(id) => set({ route: id })} />}
      </QueryState>
      <RoutePreviewForm />
      <Dialog
        open={isOpen}
        onOpenChange={(open) => open || close()}
        title={route ? `Edit ${route.name}` : "New route"}
        className="w-[min(36rem,calc(100vw-2rem))]"
      >
        {isOpen ? <RouteForm route={route} onClose={close} /> : null}
      </Dialog>
    </Panel>
  );
}

type RoutesProps = { routes: readonly RouteItem[]; onEdit: (id: string) => void };

function Routes({ routes, onEdit }: RoutesProps) {
  const client = useQueryClient();
  const [removed, setRemoved] = useState<RouteItem | null>(null);
  const onSuccess = () => client.invalidateQueries({ queryKey: NOTIFY });
  const order = useMutation({ mutationFn: orderRoutes, onSuccess });
  const remove = useMutation({
    mutationFn: async (route: RouteItem) => {
      await removeRoute(route.id);
      setRemoved(route);
    },
    onSuccess,
  });
  const restore = useMutation({
    mutationFn: ({ id: _, created_at: __, ...body }: RouteItem) => saveRoute(null, body),
    onSuccess: () => {
      setRemoved(null);
      return onSuccess();
    },
  });
  const move = (from: number, to: number) => {
    const ids = routes.map(({ id }) => id);
    ids.splice(to, 0, ...ids.splice(from, 1));
    order.mutate(ids);
  };
  const error = order.error ?? remove.error ?? restore.error;
  return (
    <>
      <ol>
        {routes.map((route, at) => (
          <li key={route.id} className="flex flex-wrap items-start gap-x-2 border-t px-3 py-2">
            <span className="w-5 shrink-0 text-right text-ink-3">{at + 1}</span>
            <Told route={route} />
            <span className="ml-auto flex shrink-0">
              <Needs scope="write">
                <IconButton
                  label={`Move ${route.name} up`}
                  disabled={at === 0 || order.isPending}
                  onClick={() => move(at, at - 1)}
                >
                  <ArrowUp size={14} aria-hidden />
                </IconButton>
                <IconButton
                  label={`Move ${route.name} down`}
                  disabled={at === routes.length - 1 || order.isPending}
                  onClick={() => move(at, at + 1)}
                >
                  <ArrowDown size={14} aria-hidden />
                </IconButton>
                <IconButton label={`Edit ${route.name}`} onClick={() => onEdit(route.id)}>
                  <Pencil size={14} aria-hidden />
                </IconButton>
                <IconButton label={`Delete ${route.name}`} onClick={() => remove.mutate(route)}>
                  <Trash2 size={14} aria-hidden />
                </IconButton>
              </Needs>
            </span>
          </li>
        ))}
      </ol>
      {removed ? (
        <p role="status" className="flex items-center gap-2 border-t px-3 py-2 text-ink-2">
          <span className="min-w-0 flex-1">{removed.name} is deleted.</span>
          <Button size="sm" onClick={() => restore.mutate(removed)}>
            Undo
          </Button>
        </p>
      ) : null}
      {error ? (
        <p role="alert" className="border-t px-3 py-2 text-fail">
          {errorWords(error)}
        </p>
      ) : null}
    </>
  );
}

function Told({ route }: { route: RouteItem }) {
  const channels = useQuery(channelsList()).data?.data ?? [];
  const nameOf = (id: string) => plain(channels.find((channel) => channel.id === id)?.name ?? id);
  const names = route.channels.map(nameOf).join(", ") || "nobody";
  const { group_by, group_wait_ms: wait, repeat_ms: repeat, escalate } = route;
  return (
    <div className="min-w-52 flex-1">
      <p className="font-medium wrap-anywhere">{plain(route.name)}</p>
      <p className="wrap-anywhere">
        {matcherWords(route.matchers)} → {names}
        {route.continue ? ", and on to the next" : ""}
      </p>
      <p className="text-sm text-ink-3">
        {[
          group_by.length > 0 ? `together by ${group_by.join(", ")}` : "all together",
          ...(wait === undefined ? [] : [`first message after ${formatDuration(wait)}`]),
          ...(repeat === undefined
            ? []
            : [repeat === 0 ? "no reminders" : `a reminder every ${formatDuration(repeat)}`]),
          ...escalate.map(
            (step) =>
              `${step.channels.map(nameOf).join(", ")} after ${formatDuration(step.after_ms)} without acknowledgement`,
          ),
          ...(route.mute_timings.length > 0 ? ["muted at times"] : []),
          ...(route.active_timings.length > 0 ? ["only at certain times"] : []),
        ].join(" · ")}
      </p>
    </div>
  );
}
