"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { DimensionsTable } from "@/components/dimensions/dimensions-table";
import { errorWords, Panel, QueryState } from "@/components/shell/panel";
import { formatCount } from "@/lib/format";
import { demoteKey, dimensionsList, promoteKey } from "@/lib/metrics/promoted-queries";
import type { DimensionsAnswer } from "@/lib/metrics/promoted-schema";

const WORKING_MS = 1_000;

const isAtWork = (answer: DimensionsAnswer | undefined) =>
  answer?.dimensions.some(({ promotion }) => promotion !== null && promotion.state !== "ready");

/** The metadata keys of sessions, and which of them metrics are kept by. */
export function DimensionsView() {
  const query = useQuery({
    ...dimensionsList(),
    refetchInterval: ({ state: { data } }) => (isAtWork(data) ? WORKING_MS : false),
  });
  const client = useQueryClient();
  const onSettled = () => client.invalidateQueries({ queryKey: ["metrics"] });
  const promote = useMutation({ mutationFn: promoteKey, onSettled });
  const demote = useMutation({ mutationFn: demoteKey, onSettled });
  const error = promote.error ?? demote.error;
  return (
    <div className="flex flex-col gap-3 p-3 lg:p-4">
      <header className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="mr-auto text-lg font-semibold">
          Dimensions{" "}
          <span className="text-base font-normal text-ink-3 max-sm:hidden">
            metadata keys that metrics are kept by
          </span>
        </h1>
      </header>
      <p className="max-w-3xl text-ink-2">
        Any metadata key can be grouped and filtered by. A promoted one is rolled up as it comes in,
        so that charts and budgets answer as quickly by it as by agent; history is counted in the
        background. Of each key the first 1,000 values of a day (UTC), in the order of their bytes,
        have a group of their own; the others of that day, and values of more than 256 bytes, are
        taken together as “Other”.
      </p>
      {error ? (
        <p role="alert" className="text-fail">
          {errorWords(error)}
        </p>
      ) : null}
      <Panel
        title="Metadata keys"
        hint={
          query.data
            ? `of the newest ${formatCount(query.data.looked_at)} sessions; at most ${query.data.most_promoted} are promoted`
            : null
        }
        flush
      >
        <QueryState
          query={query}
          what="The metadata keys"
          height="min-h-40"
          empty={{
            when: ({ dimensions }) => dimensions.length === 0,
            title: "No session has metadata yet",
            children:
              "Give sessions metadata when they are created, a team or a customer, and costs, failures and budgets can be told by it.",
          }}
        >
          {({ dimensions }) => (
            <DimensionsTable
              dimensions={dimensions}
              isBusy={promote.isPending || demote.isPending}
              onPromote={(key) => promote.mutate(key)}
              onDemote={(key) => demote.mutate(key)}
            />
          )}
        </QueryState>
      </Panel>
    </div>
  );
}
