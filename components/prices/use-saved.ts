"use client";
import { useQueryClient } from "@tanstack/react-query";
import { priceBook, priceVersions, repricings } from "@/lib/costs/prices-queries";
import type { Prices } from "@/lib/costs/prices-schema";

/** Takes what a save has answered in, and has the rest asked for anew. */
export function useSaved() {
  const client = useQueryClient();
  return async (prices: Prices): Promise<void> => {
    client.setQueryData(priceBook().queryKey, prices);
    await Promise.all([
      client.invalidateQueries({ queryKey: priceVersions().queryKey }),
      client.invalidateQueries({ queryKey: repricings().queryKey }),
    ]);
  };
}
