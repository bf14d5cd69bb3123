import { monitorEventLoopDelay } from "node:perf_hooks";
import { version } from "@/package.json";
import type { MetricFamily } from "./exposition";

const delay = monitorEventLoopDelay({ resolution: 20 });
delay.enable();

/** What every exporter tells of its own process, under the names dashboards expect. */
export function processFamilies(now: Date): MetricFamily[] {
  const { rss, heapUsed, external } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  const startedMs = now.getTime() - process.uptime() * 1000;
  const family = (
    name: string,
    help: string,
    value: number,
    type: "counter" | "gauge" = "gauge",
    labels: Record<string, string> = {},
  ): MetricFamily => ({ name, type, help, samples: [{ labels, value }] });
  const build = { version, node: process.version };
  const families = [
    family("watchkeeper_build_info", "The version that runs, always 1.", 1, "gauge", build),
    family(
      "process_cpu_seconds_total",
      "User and system CPU time spent.",
      (user + system) / 1e6,
      "counter",
    ),
    family("process_resident_memory_bytes", "Resident memory size.", rss),
    family(
      "process_start_time_seconds",
      "When the process started, since the epoch.",
      Math.round(startedMs) / 1000,
    ),
    family("nodejs_heap_size_used_bytes", "Heap in use.", heapUsed),
    family("nodejs_external_memory_bytes", "Memory of objects outside the heap.", external),
    family(
      "nodejs_eventloop_lag_p99_seconds",
      "How late the event loop was, 99th percentile since the last time it was asked.",
      Number.isFinite(delay.percentile(99)) ? delay.percentile(99) / 1e9 : 0,
    ),
  ];
  delay.reset();
  return families;
}
