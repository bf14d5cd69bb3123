import type { RequestRecord } from "./shapes";

/** Every request as it came, so that a budget can be held against it. */
export class RequestLog {
  readonly records: RequestRecord[] = [];
  /** By endpoint, as `GET /v1/sessions/{id}/events`; never forgotten. */
  readonly counts = new Map<string, number>();

  constructor(readonly keep: number) {}

  add(record: RequestRecord): void {
    if (this.keep === 0) return;
    this.records.push(record);
    // In steps, since taking from the front moves everything.
    if (this.records.length >= this.keep * 2) this.records.splice(0, this.keep);
  }

  count(record: RequestRecord, endpoint: string): void {
    record.endpoint = endpoint;
    this.counts.set(endpoint, (this.counts.get(endpoint) ?? 0) + 1);
  }

  clear(): void {
    this.records.length = 0;
    this.counts.clear();
  }

  /** Requests in each `stepMs` since the epoch, by its first instant; quiet ones are left out. */
  per(stepMs: number, isMeant: (record: RequestRecord) => boolean = () => true) {
    const steps = new Map<number, number>();
    for (const record of this.records) {
      if (!isMeant(record)) continue;
      const step = Math.floor(record.at / stepMs) * stepMs;
      steps.set(step, (steps.get(step) ?? 0) + 1);
    }
    return steps;
  }

  /** The most requests that fell into any window of this length, wherever it begins. */
  mostWithin(windowMs: number, isMeant: (record: RequestRecord) => boolean = () => true): number {
    const times = this.records.filter(isMeant).map(({ at }) => at);
    let most = 0;
    let first = 0;
    times.forEach((at, i) => {
      while ((times[first] ?? at) <= at - windowMs) first++;
      most = Math.max(most, i - first + 1);
    });
    return most;
  }
}
