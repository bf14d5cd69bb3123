import type { MetricFamily } from "@/lib/metrics/exposition";
import type { ConnectionItem } from "./schema";

/** What a connection's page says of its budget and its work, as Prometheus is told it. */
export function connectionFamilies(connections: readonly ConnectionItem[]): MetricFamily[] {
  const gauge = (
    name: string,
    help: string,
    figureOf: (connection: ConnectionItem) => number,
  ): MetricFamily => ({
    name: `watchkeeper_connection_${name}`,
    type: "gauge",
    help,
    samples: connections.map((connection) => ({
      labels: { connection: connection.id },
      value: figureOf(connection),
    })),
  });
  return [
    {
      name: "watchkeeper_connection_info",
      type: "gauge",
      help: "What each connection is called and how it stands, always 1.",
      samples: connections.map(({ id, name, state }) => ({
        labels: { connection: id, connection_name: name, state },
        value: 1,
      })),
    },
    gauge(
      "reads_limit",
      "Reads a minute a connection may make.",
      (one) => one.reads.limit_per_minute,
    ),
    gauge("reads_remaining", "What is left of them in this minute.", (one) => one.reads.remaining),
    gauge("waiting_work", "Sessions that are due to be read and wait.", (one) => one.waiting),
  ];
}
