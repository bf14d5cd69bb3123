"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useTrace } from "@/components/trace/trace-context";
import { eventAt } from "@/lib/sessions/page-queries";

/** Selects the first event at or after an instant and turns to it; false when there is none or asking failed. */
export function useGoTo(): (at: string) => Promise<boolean> {
  const { session, select } = useTrace();
  const client = useQueryClient();
  return useCallback(
    async (at) => {
      try {
        const page = await client.fetchQuery(eventAt(session, { from: at }));
        const id = page.data[0]?.id;
        if (id !== undefined) select(id, { reveal: "center" });
        return id !== undefined;
      } catch {
        return false;
      }
    },
    [client, session, select],
  );
}
