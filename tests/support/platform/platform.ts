import { isActive } from "./apply";
import { Dice, type Faults, NO_FAULTS } from "./faults";
import { Bucket } from "./limits";
import { Lists, PAGE_LIMITS } from "./lists";
import { RequestLog } from "./requests";
import {
  AS_DOCUMENTED,
  type Behaviour,
  type CostRow,
  type PlatformOptions,
  type WriteRecord,
} from "./shapes";
import { Streams } from "./sse";
import { Truth } from "./truth";
import { Webhooks } from "./webhooks";

/** The truth with everything around it: who may ask, how it behaves, what goes wrong, who was told. */
export class Platform extends Truth {
  url = "";
  readonly apiKey: string;
  readonly adminKey: string;
  readonly workspaceId: string;
  readonly organizationId: string;
  readonly requests: RequestLog;
  /** Whatever was no GET; the connector leaves this empty. */
  readonly writes: WriteRecord[] = [];
  readonly lists: Lists;
  readonly streams: Streams;
  readonly webhooks: Webhooks;
  readonly costRows: CostRow[] = [];
  billedShare: number;
  /** The cost report reaches until here; null: to this moment. */
  costReportedUntilUs: number | null = null;
  /** Paths that the key may not read, or that this server does not know. */
  forbid: { status: 403 | 404; paths: RegExp } | null = null;
  reads: Bucket;
  creates: Bucket;
  dice = new Dice(NO_FAULTS.seed);
  #faults = NO_FAULTS;
  #behaviour = AS_DOCUMENTED;
  #shutDown: () => Promise<void> = async () => {};

  constructor(options: PlatformOptions = {}) {
    super(clock(options.nowUs), options.appliesEvents);
    this.apiKey = options.apiKey ?? "sk-ant-api03-test";
    this.adminKey = options.adminKey ?? "sk-ant-admin01-test";
    this.workspaceId = options.workspaceId ?? "wrkspc_test";
    this.organizationId = options.organizationId ?? "00000000-0000-4000-8000-000000000001";
    this.billedShare = options.billedShare ?? 1;
    this.requests = new RequestLog(options.keepRequests ?? 200_000);
    const { readsPerMinute = 1_200, createsPerMinute = 300 } = options;
    this.reads = bucket(readsPerMinute, options.readBurst);
    this.creates = bucket(createsPerMinute);
    this.lists = new Lists(this, { ...PAGE_LIMITS, ...options.pageLimits });
    this.streams = new Streams(this, options.pingMs ?? 10_000);
    const { organizationId, workspaceId } = this;
    const identity = { organizationId, workspaceId, now: () => this.now() };
    this.webhooks = new Webhooks(identity, options.webhookBackoffMs ?? 50);
    this.behaviour = options.behaviour ?? {};
    this.onChange((change) => this.streams.tell(change));
    this.onChange((change) => this.webhooks.tell(change));
  }

  get faults(): Faults {
    return this.#faults;
  }

  /** What is not named goes right; the dice start again from the seed. */
  set faults(faults: Partial<Faults>) {
    this.#faults = { ...NO_FAULTS, ...faults };
    this.dice = new Dice(this.#faults.seed);
  }

  get behaviour(): Behaviour {
    return this.#behaviour;
  }

  /** What is not named is as documented. */
  set behaviour(behaviour: Partial<Behaviour>) {
    const { usageLag } = this.#behaviour;
    this.#behaviour = { ...AS_DOCUMENTED, ...behaviour };
    this.statusLagMs = this.#behaviour.statusLagMs;
    if (usageLag && !this.#behaviour.usageLag) this.#tellUsage();
  }

  /** Usage that was held back of sessions at work is shown from now on, which is a change of theirs. */
  #tellUsage(): void {
    for (const { id, data } of [...this.sessions.values()])
      if (isActive(data)) this.putSession(Object.assign({}, data, { id, updated_at: this.now() }));
  }

  /** Starts with a full bucket; null lifts the limit. */
  limitReads(perMinute: number | null, burst?: number): void {
    this.reads = bucket(perMinute, burst);
  }

  expireCursors(): void {
    this.lists.expireCursors();
  }

  onClose(shutDown: () => Promise<void>): void {
    this.#shutDown = shutDown;
  }

  async close(): Promise<void> {
    this.streams.close();
    this.webhooks.close();
    await this.#shutDown();
  }
}

const bucket = (perMinute: number | null, burst?: number) =>
  new Bucket(perMinute, burst ?? perMinute ?? 0, Date.now());

/** Runs at the speed of real time. */
function clock(startUs = Date.now() * 1_000): () => number {
  const begun = performance.now();
  return () => startUs + Math.round((performance.now() - begun) * 1_000);
}
