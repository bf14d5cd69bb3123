import { decide, type Last } from "@/lib/notify/group";
import type { Member } from "@/lib/notify/news";
import type { Timing } from "@/lib/notify/route";
import type { NoticeReason } from "@/lib/notify/schema";
import type { GroupState, Said, Told } from "@/lib/notify/told";

export const MINUTE = 60_000;

/** The specification's own: 30 s, 5 min, 1 h for critical ones, 24 h for others. */
export const TIMING: Timing = {
  groupWaitMs: 30_000,
  groupIntervalMs: 5 * MINUTE,
  repeatCriticalMs: 60 * MINUTE,
  repeatMs: 1_440 * MINUTE,
};

/** How an attempt ends. `cut`: it arrives, and the answer does not. */
export type Attempt = "ok" | "refused" | "later" | "cut";
export type Arrival = {
  atMs: number;
  reason: NoticeReason;
  firing: Said["firing"];
  closed: string[];
};

type Delivery = Said & { reason: NoticeReason; last: Last; dueMs: number; isUncertain: boolean };

const TAKES_MS = 1_000;
const AGAIN_MS = 20_000;

/**
 * One channel's one group with a receiver behind it, in a time of its own. Deliveries are as their
 * store has them: one at a time, replaced by newer ones, no close of what was surely never told.
 */
export class Receiver {
  nowMs = 0;
  readonly arrivals: Arrival[] = [];
  readonly members = new Map<string, Member>();
  /** Answers to the next attempts; `ok` when there are none left. */
  attempts: Attempt[] = [];
  told: Told = {};
  #state: GroupState = { marks: {}, said: null, failed: null };
  #delivery: Delivery | null = null;
  #next: Delivery | null = null;
  #sequence = 0;
  #lastSentMs: number | null = null;
  #atMs: number | null = null;
  #uncertain = new Set<string>();

  constructor(
    readonly timing: Timing = TIMING,
    readonly options: { isEscalation?: boolean; isDigest?: boolean; sendsCloses?: boolean } = {},
  ) {}

  open(id: string, fields: Partial<Member> = {}): void {
    const member: Member = {
      ...{ id, alert: id, status: "firing", severity: "warning", openedMs: this.nowMs },
      ...{ late: false, flapping: false, isHealth: false, held: null, acknowledged: false },
      ...fields,
    };
    this.members.set(id, member);
  }

  change(id: string, fields: Partial<Member>): void {
    const member = this.members.get(id);
    if (member) this.members.set(id, { ...member, ...fields });
  }

  /** Lets time pass; what happened at this moment is looked at first. */
  runTo(untilMs: number): void {
    this.#look();
    for (;;) {
      const times = [this.#atMs, this.#delivery?.dueMs ?? null].filter((at) => at !== null);
      const next = Math.min(...times);
      if (!(next <= untilMs)) break;
      this.nowMs = Math.max(this.nowMs, next);
      if (this.#atMs !== null && this.#atMs <= this.nowMs) this.#look();
      this.#deliver();
    }
    this.nowMs = untilMs;
  }

  #look(): void {
    const { options, timing, nowMs, told } = this;
    const decision = decide({
      members: [...this.members.values()],
      ...{ told, timing, nowMs, state: this.#state, lastSentMs: this.#lastSentMs },
      maybe: new Set([...this.members.keys()].filter((id) => this.#uncertain.has(id))),
      last: this.#next?.last ?? this.#delivery?.last ?? "none",
      isEscalation: options.isEscalation ?? false,
      isDigest: options.isDigest ?? false,
      sendsCloses: options.sendsCloses ?? true,
    });
    if (decision.atMs !== null && decision.atMs <= nowMs) throw new Error("it would never rest");
    this.#state = JSON.parse(JSON.stringify(decision.state));
    this.#atMs = decision.atMs;
    for (const id of decision.done) {
      this.members.delete(id);
      delete this.told[id];
    }
    if (decision.drop) this.#end("failed");
    const { send } = decision;
    const { said } = this.#state;
    if (!send || !said) return;
    said.sequence = ++this.#sequence;
    const delivery = { ...said, reason: send.reason, isUncertain: false };
    const waitsMs = this.#delivery?.last === "retrying" ? this.#delivery.dueMs : nowMs;
    const dueMs = send.isUrgent ? nowMs : waitsMs;
    const written = { ...delivery, last: "queued" as const, dueMs };
    if (this.#delivery?.last === "leased") this.#next = written;
    else this.#delivery = this.#joined(written);
  }

  /** With the closes of the message that it takes the place of. */
  #joined(written: Delivery): Delivery {
    const older = this.#delivery;
    if (!older || older.last === "sent" || older.last === "failed") return written;
    const known = new Set([...Object.keys(written.firing), ...written.closed]);
    return {
      ...written,
      closed: [...written.closed, ...older.closed.filter((id) => !known.has(id))],
    };
  }

  #deliver(): void {
    const delivery = this.#delivery;
    if (!delivery || delivery.dueMs > this.nowMs) return;
    if (delivery.last === "queued" || delivery.last === "retrying") {
      const closed = delivery.closed.filter((id) => this.told[id] || this.#uncertain.has(id));
      const isNothing = closed.length === 0 && Object.keys(delivery.firing).length === 0;
      this.#delivery = { ...delivery, closed, last: "leased", dueMs: this.nowMs + TAKES_MS };
      if (isNothing) this.#end("failed");
    } else if (delivery.last === "leased") this.#answer(delivery);
  }

  #answer(delivery: Delivery): void {
    const attempt = this.attempts.shift() ?? "ok";
    const { firing, closed, reason } = delivery;
    if (attempt === "ok" || attempt === "cut")
      this.arrivals.push({ atMs: this.nowMs, reason, firing, closed });
    if (attempt === "cut") for (const id of Object.keys(firing)) this.#uncertain.add(id);
    if (attempt === "later" || attempt === "cut") {
      this.#delivery = { ...delivery, last: "retrying", dueMs: this.nowMs + AGAIN_MS };
      if (this.#next) this.#take();
      return;
    }
    if (attempt === "ok") {
      this.#lastSentMs = this.nowMs;
      for (const [id, { status, severity }] of Object.entries(firing))
        this.told[id] = { status, severity };
      for (const id of closed) {
        delete this.told[id];
        this.#uncertain.delete(id);
      }
    }
    this.#end(attempt === "ok" ? "sent" : "failed");
  }

  #end(last: "sent" | "failed"): void {
    if (this.#delivery)
      this.#delivery = { ...this.#delivery, last, dueMs: Number.POSITIVE_INFINITY };
    if (this.#next) this.#take();
  }

  #take(): void {
    if (this.#next) this.#delivery = this.#joined(this.#next);
    this.#next = null;
  }
}
