"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ALERTS, acknowledgeEpisode, episodeDetail } from "@/lib/alerts/queries";

/** Says that somebody looks after an episode, or takes that back. */
export function useAcknowledge(episodeId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (acknowledged: boolean) => acknowledgeEpisode(episodeId, acknowledged),
    onSuccess: (episode) => {
      client.setQueryData(episodeDetail(episodeId).queryKey, episode);
      return client.invalidateQueries({ queryKey: ALERTS });
    },
  });
}
