import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/http/client";
import type { ChannelItem, ChannelsPage, ChannelTest, ChannelTestAnswer } from "./channel-schema";
import type { DeliveriesPage, DeliveryItem } from "./delivery-schema";

export const NOTIFY = ["notify"] as const;

const at = (room: string, id: string, rest = "") =>
  `/api/v1/${room}/${encodeURIComponent(id)}${rest}`;

export function channelsList() {
  return queryOptions({
    queryKey: [...NOTIFY, "channels"],
    queryFn: ({ signal }) => api<ChannelsPage>("/api/v1/channels", { signal }),
    staleTime: 5_000,
  });
}

/** A channel as it is written; of one that exists, the fields that change. */
export type ChannelBody = Record<string, unknown>;

export const saveChannel = (id: string | null, body: ChannelBody): Promise<ChannelItem> =>
  id === null
    ? api("/api/v1/channels", { method: "POST", body })
    : api(at("channels", id), { method: "PATCH", body });

export const removeChannel = (id: string) => api<void>(at("channels", id), { method: "DELETE" });

export const testChannel = (id: string, status: ChannelTest["status"]) =>
  api<ChannelTestAnswer>(at("channels", id, "/test"), { method: "POST", body: { status } });

const DELIVERIES_PAGE = 50;

/** Newest first. `params` are the API's filter, in a fixed order. */
export function deliveriesList(params: string) {
  return infiniteQueryOptions({
    queryKey: [...NOTIFY, "deliveries", params],
    queryFn: ({ pageParam, signal }) => {
      const asked = new URLSearchParams(params);
      asked.set("limit", `${DELIVERIES_PAGE}`);
      if (pageParam !== null) asked.set("cursor", pageParam);
      return api<DeliveriesPage>(`/api/v1/deliveries?${asked}`, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
    staleTime: 2_000,
  });
}

export function deliveryDetail(id: string) {
  return queryOptions({
    queryKey: [...NOTIFY, "delivery", id],
    queryFn: ({ signal }) => api<DeliveryItem>(at("deliveries", id), { signal }),
    staleTime: 2_000,
  });
}

export const replayDelivery = (id: string) =>
  api<DeliveryItem>(at("deliveries", id, "/replay"), { method: "POST" });
