import type { Context } from "@/lib/demo/context";
import type { Random } from "@/lib/demo/random";
import type { DemoEvent, SessionAgent, ThreadObject } from "@/lib/demo/schema";

/** An event in a list, before the list is put in order. */
export interface Entry {
  atUs: number;
  event: DemoEvent;
  /** The list shows the event without its time, as recorded for some inputs. */
  timeless: boolean;
  /** For inputs: when it was sent. Sent and not yet taken in, it stands at the end without a time. */
  sentUs: number | null;
  /** The same event in the primary list, with the same id and time. */
  twin: Entry | null;
}

type Idle = Extract<DemoEvent, { type: "session.status_idle" }>;
export type StopReason = Idle["stop_reason"];
export type StopDetails = Idle["stop_details"];

export type Stop =
  | { kind: "idle"; reason: StopReason; details: StopDetails }
  | { kind: "rescheduled" }
  | { kind: "terminated" };

export const END_TURN: Stop = { kind: "idle", reason: { type: "end_turn" }, details: null };

/** A stretch in which a thread was running; an open one has not ended within the simulated time. */
export interface Period {
  from: Entry;
  to: Entry | null;
  stop: Stop | null;
}

export interface LaneSpec {
  threadId: string;
  name: string;
  agent: ThreadObject["agent"];
  model: SessionAgent["model"];
  kind: "primary" | "child" | "advisor" | "workflow";
  workflowRunId: string | null;
  createdUs: number;
  context: Context;
  /** The primary lane, whose list gets copies of this one's status events; null for the primary. */
  primary: Lane | null;
  ids: Random;
}

/** One thread with a clock of its own. Time passes by `advance`; events take the clock's instant. */
export class Lane {
  readonly spec: LaneSpec;
  readonly entries: Entry[] = [];
  readonly periods: Period[] = [];
  clockUs: number;
  /** Set when the thread ended for good. */
  terminatedUs: number | null = null;
  archivedUs: number | null = null;

  constructor(spec: LaneSpec) {
    this.spec = spec;
    this.clockUs = spec.createdUs;
  }

  get running(): boolean {
    const last = this.periods[this.periods.length - 1];
    return last !== undefined && last.to === null;
  }

  id(): string {
    return this.spec.ids.id("sevt");
  }

  advance(us: number): void {
    this.clockUs += Math.max(1, Math.round(us));
  }

  /** Puts an event at the clock's instant; the next one of the same batch follows 1 µs later. */
  emit(event: DemoEvent, options: { timeless?: boolean; sentUs?: number } = {}): Entry {
    const entry = this.put(event, this.clockUs, options);
    this.clockUs += 1;
    return entry;
  }

  put(
    event: DemoEvent,
    atUs: number,
    options: { timeless?: boolean; sentUs?: number } = {},
  ): Entry {
    const entry = {
      atUs,
      event,
      timeless: options.timeless ?? false,
      sentUs: options.sentUs ?? null,
      twin: null,
    };
    this.entries.push(entry);
    return entry;
  }

  start(): void {
    if (this.running) return;
    const from = this.emitStatus({ ...this.named(), type: "session.thread_status_running" });
    this.periods.push({ from, to: null, stop: null });
  }

  stop(stop: Stop): void {
    const period = this.periods[this.periods.length - 1];
    if (period === undefined || period.to !== null) return;
    period.to = this.emitStatus(this.statusOf(stop));
    period.stop = stop;
    if (stop.kind === "terminated") this.terminatedUs = period.to.atUs;
  }

  /** The end of a thread that is idle already: an advisor done, a workflow's thread put away. */
  terminate(): void {
    this.terminatedUs = this.clockUs;
    this.emitStatus({ ...this.named(), type: "session.thread_status_terminated" });
  }

  private named() {
    return {
      agent_name: this.spec.name,
      id: this.id(),
      processed_at: "",
      session_thread_id: this.spec.threadId,
    };
  }

  private statusOf(stop: Stop): DemoEvent {
    switch (stop.kind) {
      case "idle":
        return {
          ...this.named(),
          stop_details: stop.details,
          stop_reason: stop.reason,
          type: "session.thread_status_idle",
        };
      case "rescheduled":
        return { ...this.named(), type: "session.thread_status_rescheduled" };
      case "terminated":
        return { ...this.named(), type: "session.thread_status_terminated" };
    }
  }

  /** Status events stand in the thread's own list and, with the same id and time, in the primary one. */
  private emitStatus(event: DemoEvent): Entry {
    const twin = this.spec.primary?.put({ ...event }, this.clockUs) ?? null;
    const entry = this.emit(event);
    entry.twin = twin;
    return entry;
  }
}
