"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { SilenceRow } from "@/components/notify/silence-row";
import { useLiveInterval } from "@/components/shell/live";
import { MoreButton } from "@/components/shell/more-button";
import { Panel, QueryState } from "@/components/shell/panel";
import { useUrlState } from "@/components/shell/scope";
import { Needs } from "@/components/shell/viewer";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Segmented } from "@/components/ui/segmented";
import { silencesList } from "@/lib/notify/queries";
import type { Matcher } from "@/lib/notify/schema";

const SilenceForm = dynamic(
  () => import("@/components/notify/silence-form").then((module) => module.SilenceForm),
  { ssr: false },
);

const LIVE_MS = 10_000;
const STATES = [
  { value: "", label: "All" },
  { value: "active", label: "Active" },
  { value: "pending", label: "To come" },
  { value: "expired", label: "Ended" },
] as const;

/** Alerts of which nobody is told for a time. */
export function SilencesView() {
  const { params, set } = useUrlState();
  const state = STATES.find(({ value }) => value === params.get("state"))?.value ?? "";
  const query = useInfiniteQuery({
    ...silencesList(state),
    refetchInterval: useLiveInterval(LIVE_MS),
  });
  const chosen = params.get("silence");
  const all = query.data?.pages.flatMap(({ data }) => data) ?? [];
  const silence = all.find(({ id }) => id === chosen) ?? null;
  const isOpen = chosen === "new" || silence !== null;
  const close = () => set({ silence: null, matchers: null });
  const add = (
    <Needs scope="write">
      <Button variant="primary" onClick={() => set({ silence: "new" })}>
        New silence
      </Button>
    </Needs>
  );
  return (
    <div className="flex flex-col gap-3 p-3 lg:p-4">
      <header className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="mr-auto text-lg font-semibold">Silences</h1>
        <Segmented
          label="Which silences"
          value={state}
          options={STATES}
          onChange={(next) => set({ state: next === "" ? null : next })}
        />
        {add}
      </header>
      <Panel flush>
        <QueryState
          query={query}
          what="The silences"
          height="min-h-40"
          empty={{
            when: () => all.length === 0,
            title: state === "" ? "Nothing is silenced." : "No silence is like that.",
            children:
              state === ""
                ? "A silence keeps messages back for a time, and says how many it hides. What closes meanwhile is told to whom its opening was told."
                : undefined,
          }}
        >
          {() => (
            <>
              <ul>
                {all.map((one) => (
                  <SilenceRow key={one.id} silence={one} onEdit={() => set({ silence: one.id })} />
                ))}
              </ul>
              <MoreButton pages={query} />
            </>
          )}
        </QueryState>
      </Panel>
      <Dialog
        open={isOpen}
        onOpenChange={(open) => open || close()}
        title={silence ? "Edit silence" : "New silence"}
        className="w-[min(36rem,calc(100vw-2rem))]"
      >
        {isOpen ? (
          <SilenceForm
            silence={silence}
            matchers={linkedMatchers(params.get("matchers"))}
            onClose={close}
          />
        ) : null}
      </Dialog>
    </div>
  );
}

/** Matchers that a link brings along; what is none is left out. */
function linkedMatchers(text: string | null): Matcher[] {
  try {
    const given: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(given) ? given.filter(isMatcher) : [];
  } catch {
    return [];
  }
}

const isMatcher = (value: unknown): value is Matcher =>
  typeof value === "object" &&
  value !== null &&
  ["name", "op", "value"].every((name) => typeof Reflect.get(value, name) === "string");
