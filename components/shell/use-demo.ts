"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { demoState, isDemoBusy, removeDemo, startDemo } from "@/lib/demo/queries";
import type { DemoState } from "@/lib/demo/state";

/** The demo data of this workspace: where it stands, and the ways to have it and to be rid of it. */
export function useDemo() {
  const client = useQueryClient();
  const { data: demo } = useQuery(demoState());
  const busy = isDemoBusy(demo);
  const keep = (state: DemoState) => client.setQueryData(demoState().queryKey, state);
  const start = useMutation({ mutationFn: startDemo, onSuccess: keep });
  const remove = useMutation({ mutationFn: removeDemo, onSuccess: keep });
  const wasBusy = useRef(busy);
  useEffect(() => {
    // Filled or removed: everything that was shown before is another story now.
    if (wasBusy.current && !busy)
      void client.resetQueries({ predicate: ({ queryKey }) => queryKey[0] !== "demo" });
    wasBusy.current = busy;
  }, [busy, client]);
  return { demo, busy, start, remove };
}
