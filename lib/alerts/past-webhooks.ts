import type { ObservationsAt } from "./backtest";
import { fingerprintOf } from "./fingerprint";
import type { Judged } from "./rule";
import { type WebhookCount, webhooksBy } from "./webhooks";

/** Those that came in one second. */
export type WebhooksAt = WebhookCount & { atMs: number };

type Counting = Extract<Judged, { kind: "event" }>;

/** What a rule would have counted at ticks that go forward; `rows` oldest first. */
export function pastWebhooks(rule: Counting, rows: readonly WebhooksAt[]): ObservationsAt {
  const counts = new Map<string, WebhookCount>();
  const take = ({ type, connection, count }: WebhooksAt, sign: 1 | -1) => {
    const key = JSON.stringify([type, connection]);
    const left = (counts.get(key)?.count ?? 0) + sign * count;
    if (left === 0) counts.delete(key);
    else counts.set(key, { type, connection, count: left });
  };
  const end = placeIn(rows, (row) => take(row, 1));
  const start = placeIn(rows, (row) => take(row, -1));
  return (tickMs) => {
    const toMs = tickMs - rule.delayMs;
    end(toMs);
    start(toMs - rule.windowMs);
    return webhooksBy(rule, counts.values()).map((one) => ({
      ...one,
      fingerprint: fingerprintOf(one.labels),
    }));
  };
}

/** Passes rows before an instant, each once. */
function placeIn(rows: readonly WebhooksAt[], pass: (row: WebhooksAt) => void) {
  let at = 0;
  return (beforeMs: number) => {
    for (let row = rows[at]; row && row.atMs < beforeMs; row = rows[++at]) pass(row);
  };
}
