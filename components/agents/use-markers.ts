"use client";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { type Asked, spanOf } from "@/components/metrics/asked";
import { useNowAsking } from "@/components/metrics/use-answers";
import { versionMarkers } from "@/lib/agents/queries";
import type { Marker } from "@/lib/series";

const NONE: readonly Marker[] = [];

/**
 * When versions were first used in the range, for charts: of these agents, of all (`all`), or of none
 * (an empty list), where versions say nothing about what is drawn.
 */
export function useMarkers(asked: Asked, agents: readonly string[] | "all"): readonly Marker[] {
  const now = useNowAsking(asked);
  const named = agents === "all" ? agents : [...agents].sort();
  const query = useQuery({
    ...versionMarkers(JSON.stringify([asked.scope.range, named]), () =>
      now((_, nowMs, firstMs) => {
        const { fromMs, toMs } = spanOf(asked, nowMs, firstMs);
        const params = new URLSearchParams({
          from: new Date(fromMs).toISOString(),
          to: new Date(toMs).toISOString(),
        });
        for (const agent of named === "all" ? [] : named) params.append("agent", agent);
        return params;
      }),
    ),
    enabled: named === "all" || named.length > 0,
  });
  const isOne = named !== "all" && named.length === 1;
  const data = query.data?.data;
  return useMemo(
    () =>
      data?.map(({ agent, name, version, at }) => ({
        atMs: Date.parse(at),
        name: isOne ? null : (name ?? agent),
        label: `v${version}`,
      })) ?? NONE,
    [data, isOne],
  );
}
