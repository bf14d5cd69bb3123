"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Pencil, Trash2 } from "lucide-react";
import dynamic from "next/dynamic";
import { intervalWords } from "@/components/notify/mute-draft";
import { errorWords, Panel, QueryState } from "@/components/shell/panel";
import { useUrlState } from "@/components/shell/scope";
import { Needs } from "@/components/shell/viewer";
import { Button, IconButton } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Tag } from "@/components/ui/tag";
import { plain } from "@/lib/format";
import { muteTimingsList, NOTIFY, removeMuteTiming } from "@/lib/notify/queries";

const MuteForm = dynamic(
  () => import("@/components/notify/mute-form").then((module) => module.MuteForm),
  { ssr: false },
);

/** Hours and days at which routes are silent. */
export function MutePanel() {
  const { params, set } = useUrlState();
  const query = useQuery(muteTimingsList());
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: removeMuteTiming,
    onSuccess: () => client.invalidateQueries({ queryKey: NOTIFY }),
  });
  const chosen = params.get("timing");
  const timing = query.data?.data.find(({ id }) => id === chosen) ?? null;
  const isOpen = chosen === "new" || timing !== null;
  const close = () => set({ timing: null });
  return (
    <Panel
      title="Mute timings"
      hint="for routes to be silent at"
      actions={
        <Needs scope="write">
          <Button size="sm" onClick={() => set({ timing: "new" })}>
            New timing
          </Button>
        </Needs>
      }
      flush
    >
      <QueryState
        query={query}
        what="The mute timings"
        height="min-h-16"
        empty={{
          when: ({ data }) => data.length === 0,
          title: "No mute timing yet.",
          children: "Nights, weekends, a monthly deployment: a route can be silent then.",
        }}
      >
        {({ data }) => (
          <ul>
            {data.map((one) => (
              <li key={one.id} className="flex items-start gap-2 border-t px-3 py-2">
                <div className="min-w-0 flex-1">
                  <p className="flex flex-wrap items-center gap-x-2 font-medium">
                    <span className="min-w-0 wrap-anywhere">{plain(one.name)}</span>{" "}
                    {one.now ? <Tag tone="stop">now</Tag> : null}
                  </p>
                  <p className="text-sm text-ink-2">
                    {one.intervals.map(intervalWords).join("; ")} in {one.tz}
                  </p>
                </div>
                <Needs scope="write">
                  <IconButton label={`Edit ${one.name}`} onClick={() => set({ timing: one.id })}>
                    <Pencil size={14} aria-hidden />
                  </IconButton>
                  <IconButton label={`Delete ${one.name}`} onClick={() => remove.mutate(one.id)}>
                    <Trash2 size={14} aria-hidden />
                  </IconButton>
                </Needs>
              </li>
            ))}
          </ul>
        )}
      </QueryState>
      {remove.error ? (
        <p role="alert" className="border-t px-3 py-2 text-fail">
          {errorWords(remove.error)}
        </p>
      ) : null}
      <Dialog
        open={isOpen}
        onOpenChange={(open) => open || close()}
        title={timing ? `Edit ${timing.name}` : "New mute timing"}
      >
        {isOpen ? <MuteForm timing={timing} onClose={close} /> : null}
      </Dialog>
    </Panel>
  );
}
