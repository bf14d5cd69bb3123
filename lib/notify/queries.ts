import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/http/client";
import type { ChannelItem, ChannelsPage, ChannelTest, ChannelTestAnswer } from "./channel-schema";
import type { DeliveriesPage, DeliveryItem } from "./delivery-schema";
import type { MuteTimingItem, MuteTimingsPage, NewMuteTiming } from "./mute-schema";
import type { Pulse } from "./pulse-schema";
import type { RouteItem, RoutePreviewAnswer, RoutesPage } from "./route-schema";
import type { NotifySettings } from "./settings-schema";
import type { NewSilence, SilenceItem, SilencePreviewAnswer, SilencesPage } from "./silence-schema";

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

export function silencesList(state: string) {
  return infiniteQueryOptions({
    queryKey: [...NOTIFY, "silences", state],
    queryFn: ({ pageParam, signal }) => {
      const asked = new URLSearchParams(state === "" ? {} : { state });
      if (pageParam !== null) asked.set("cursor", pageParam);
      return api<SilencesPage>(`/api/v1/silences?${asked}`, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
    staleTime: 5_000,
  });
}

/** What matchers would hide; `matchers` is their JSON. */
export function silencePreview(matchers: string) {
  return queryOptions({
    queryKey: [...NOTIFY, "silence-preview", matchers],
    queryFn: ({ signal }) =>
      api<SilencePreviewAnswer>("/api/v1/silences/preview", {
        method: "POST",
        body: { matchers: JSON.parse(matchers) },
        signal,
      }),
    staleTime: 5_000,
    placeholderData: keepPreviousData,
  });
}

export const saveSilence = (id: string | null, body: SilenceBody): Promise<SilenceItem> =>
  id === null
    ? api("/api/v1/silences", { method: "POST", body })
    : api(at("silences", id), { method: "PUT", body });
export type SilenceBody = Omit<NewSilence, "end_when_closed" | "end_when_idle"> &
  Partial<NewSilence>;

export const endSilence = (id: string) => api<void>(at("silences", id), { method: "DELETE" });

export function routesList() {
  return queryOptions({
    queryKey: [...NOTIFY, "routes"],
    queryFn: ({ signal }) => api<RoutesPage>("/api/v1/routes", { signal }),
    staleTime: 5_000,
  });
}

export type RouteBody = Record<string, unknown>;
export const saveRoute = (id: string | null, body: RouteBody): Promise<RouteItem> =>
  id === null
    ? api("/api/v1/routes", { method: "POST", body })
    : api(at("routes", id), { method: "PUT", body });

export const removeRoute = (id: string) => api<void>(at("routes", id), { method: "DELETE" });

export const orderRoutes = (ids: readonly string[]) =>
  api<RoutesPage>("/api/v1/routes/order", { method: "PUT", body: { ids } });

/** Where an alert would go; `asked` is the JSON of its labels and of the channels its rule names. */
export function routePreview(asked: string) {
  return queryOptions({
    queryKey: [...NOTIFY, "route-preview", asked],
    queryFn: ({ signal }) =>
      api<RoutePreviewAnswer>("/api/v1/routes/preview", {
        method: "POST",
        body: JSON.parse(asked),
        signal,
      }),
    staleTime: 5_000,
    placeholderData: keepPreviousData,
  });
}

export function muteTimingsList() {
  return queryOptions({
    queryKey: [...NOTIFY, "mute-timings"],
    queryFn: ({ signal }) => api<MuteTimingsPage>("/api/v1/mute-timings", { signal }),
    staleTime: 5_000,
  });
}

export const saveMuteTiming = (id: string | null, body: NewMuteTiming): Promise<MuteTimingItem> =>
  id === null
    ? api("/api/v1/mute-timings", { method: "POST", body })
    : api(at("mute-timings", id), { method: "PUT", body });

export const removeMuteTiming = (id: string) =>
  api<void>(at("mute-timings", id), { method: "DELETE" });

export function notifySettings() {
  return queryOptions({
    queryKey: [...NOTIFY, "settings"],
    queryFn: ({ signal }) => api<NotifySettings>("/api/v1/notify-settings", { signal }),
    staleTime: 10_000,
  });
}

export const saveNotifySettings = (body: NotifySettings) =>
  api<NotifySettings>("/api/v1/notify-settings", { method: "PUT", body });

export function notifyPulse() {
  return queryOptions({
    queryKey: [...NOTIFY, "pulse"],
    queryFn: ({ signal }) => api<Pulse>("/api/v1/notify-settings/pulse", { signal }),
    staleTime: 10_000,
  });
}

export const saveNotifyPulse = (url: string | null) =>
  api<Pulse>("/api/v1/notify-settings/pulse", { method: "PUT", body: { url } });
