"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { errorWords } from "@/components/shell/panel";
import { Button } from "@/components/ui/button";
import { changeConnection } from "@/lib/connections/queries";
import type { ConnectionItem } from "@/lib/connections/schema";

/** Stops reading, or goes on with it; what became of that when it failed. */
export function PauseButton({ connection }: { connection: ConnectionItem }) {
  const { id, state } = connection;
  const isGoing = state === "live" || state === "backfilling";
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: () => changeConnection(id, { state: isGoing ? "paused" : "live" }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["connections"] }),
  });
  return (
    <>
      <Button disabled={change.isPending} onClick={() => change.mutate()}>
        {isGoing ? "Pause" : "Go on"}
      </Button>
      {change.error ? (
        <p role="alert" className="w-full text-fail">
          {errorWords(change.error)}
        </p>
      ) : null}
    </>
  );
}
