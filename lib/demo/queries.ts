import { queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/http/client";
import type { DemoRequest, DemoState } from "./state";

const PATH = "/api/v1/demo";
const BUSY = ["waiting", "filling", "removing"];

export function isDemoBusy(demo: DemoState | undefined): boolean {
  return demo !== undefined && BUSY.includes(demo.state);
}

/** Where the demo stands; asked every second while it is being filled or removed. */
export function demoState() {
  return queryOptions({
    queryKey: ["demo", "state"],
    queryFn: ({ signal }) => api<DemoState>(PATH, { signal }),
    refetchInterval: (query) => (isDemoBusy(query.state.data) ? 1000 : false),
    staleTime: 10_000,
  });
}

export function startDemo(request: DemoRequest): Promise<DemoState> {
  return api<DemoState>(PATH, { method: "POST", body: request });
}

export function removeDemo(): Promise<DemoState> {
  return api<DemoState>(PATH, { method: "DELETE" });
}
