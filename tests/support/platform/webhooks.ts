import { createHmac } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type Announcement, announcementsOf } from "./announce";
import { Dice } from "./faults";
import type { Change } from "./shapes";

/** What goes wrong by chance; figures without a unit are probabilities. */
export type WebhookFaults = {
  seed: number;
  lose: number;
  duplicate: number;
  /** Waits up to `reorderMs`, so that later ones overtake it. */
  reorder: number;
  reorderMs: number;
  /** Every delivery waits so long. */
  delayMs: number;
  wrongSignature: number;
  /** Signed rightly, ten minutes ago. */
  oldTimestamp: number;
};

export const NO_WEBHOOK_FAULTS: WebhookFaults = {
  seed: 1,
  lose: 0,
  duplicate: 0,
  reorder: 0,
  reorderMs: 200,
  delayMs: 0,
  wrongSignature: 0,
  oldTimestamp: 0,
};

export type Endpoint = {
  id: string;
  url: string;
  secret: string;
  /** Event types it wants; null for all. */
  types: string[] | null;
  disabledReason: string | null;
};

export type Delivery = {
  endpointId: string;
  webhookId: string;
  type: string;
  resourceId: string;
  attempt: number;
  at: number;
  /** What the receiver answered; null when nothing was sent or nobody answered. */
  status: number | null;
  fault: "lost" | "duplicate" | "wrong_signature" | "old_timestamp" | null;
};

type Identity = { organizationId: string; workspaceId: string; now: () => string };
type Message = { webhookId: string; body: string; about: Announcement };

const ATTEMPTS = 3;
const OLD_SECONDS = 600;

/** Endpoints, and deliveries to them: thin, signed, up to three attempts, then dropped. */
export class Webhooks {
  readonly endpoints: Endpoint[] = [];
  readonly deliveries: Delivery[] = [];
  backoffMs: number;
  #faults = NO_WEBHOOK_FAULTS;
  #dice = new Dice(NO_WEBHOOK_FAULTS.seed);
  readonly #budgets = new Set<string>();
  readonly #underWay = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  #count = 0;

  constructor(
    readonly identity: Identity,
    backoffMs: number,
  ) {
    this.backoffMs = backoffMs;
  }

  get faults(): WebhookFaults {
    return this.#faults;
  }

  /** What is not named goes right. */
  set faults(faults: Partial<WebhookFaults>) {
    this.#faults = { ...NO_WEBHOOK_FAULTS, ...faults };
    this.#dice = new Dice(this.#faults.seed);
  }

  subscribe(wish: { url: string; secret: string; types?: string[] }): Endpoint {
    const { url, secret, types = null } = wish;
    const id = `whend_${this.endpoints.length + 1}`;
    const endpoint: Endpoint = { id, url, secret, types, disabledReason: null };
    this.endpoints.push(endpoint);
    return endpoint;
  }

  unsubscribe(id: string): void {
    const at = this.endpoints.findIndex((endpoint) => endpoint.id === id);
    if (at >= 0) this.endpoints.splice(at, 1);
  }

  tell(change: Change): void {
    if (this.endpoints.length === 0) return;
    for (const about of announcementsOf(change, this.#budgets)) this.emit(about);
  }

  /** Sends one whatever happened, also of types that nothing here causes. */
  emit(about: Announcement): void {
    const { organizationId, workspaceId, now } = this.identity;
    const webhookId = `whe_${String(++this.#count).padStart(8, "0")}`;
    const data = { ...about, organization_id: organizationId, workspace_id: workspaceId };
    const body = JSON.stringify({ type: "event", id: webhookId, created_at: now(), data });
    for (const endpoint of this.endpoints) {
      if (endpoint.disabledReason !== null) continue;
      if (endpoint.types !== null && !endpoint.types.includes(about.type)) continue;
      this.#start(endpoint, { webhookId, body, about });
    }
  }

  /** Resolves when nothing is under way any more. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  close(): void {
    this.#stop.abort();
  }

  #start(endpoint: Endpoint, message: Message): void {
    const { lose, duplicate, reorder, reorderMs, delayMs } = this.#faults;
    if (this.#dice.hits(lose)) {
      this.#record(endpoint, message, 1, "lost");
      return;
    }
    const waitMs = delayMs + (this.#dice.hits(reorder) ? this.#dice.next() * reorderMs : 0);
    this.#run(this.#deliver(endpoint, message, waitMs, null));
    if (this.#dice.hits(duplicate))
      this.#run(this.#deliver(endpoint, message, waitMs + this.#dice.next() * 20, "duplicate"));
  }

  #run(work: Promise<void>): void {
    // Only an end of the platform interrupts a delivery.
    const done = work.catch(() => {}).finally(() => this.#underWay.delete(done));
    this.#underWay.add(done);
  }

  async #deliver(
    endpoint: Endpoint,
    message: Message,
    waitMs: number,
    fault: Delivery["fault"],
  ): Promise<void> {
    const { signal } = this.#stop;
    if (waitMs > 0) await sleep(waitMs, undefined, { signal });
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      if (endpoint.disabledReason !== null || signal.aborted) return;
      const status = await this.#attempt(endpoint, message, attempt, fault);
      if (status !== null && status >= 200 && status < 300) return;
      if (status !== null && status >= 300 && status < 400)
        endpoint.disabledReason = `The endpoint redirected (${status}).`;
      if (attempt === ATTEMPTS) return;
      const backoffMs = this.backoffMs * 2 ** (attempt - 1) * (0.75 + this.#dice.next() / 2);
      await sleep(backoffMs, undefined, { signal });
    }
  }

  async #attempt(
    endpoint: Endpoint,
    message: Message,
    attempt: number,
    fault: Delivery["fault"],
  ): Promise<number | null> {
    const isForged = this.#dice.hits(this.#faults.wrongSignature);
    const isOld = this.#dice.hits(this.#faults.oldTimestamp);
    const seconds = Math.floor(Date.now() / 1_000) - (isOld ? OLD_SECONDS : 0);
    const secret = isForged ? FORGED : endpoint.secret;
    const told = isForged ? "wrong_signature" : isOld ? "old_timestamp" : fault;
    const delivery = this.#record(endpoint, message, attempt, told);
    const answer = await fetch(endpoint.url, {
      method: "POST",
      redirect: "manual",
      signal: this.#stop.signal,
      headers: { "content-type": "application/json", ...signed(message, seconds, secret) },
      body: message.body,
    }).catch(() => null);
    await answer?.arrayBuffer().catch(() => {});
    delivery.status = answer?.status ?? null;
    return delivery.status;
  }

  #record(endpoint: Endpoint, message: Message, attempt: number, fault: Delivery["fault"]) {
    const delivery: Delivery = {
      endpointId: endpoint.id,
      webhookId: message.webhookId,
      type: message.about.type,
      resourceId: message.about.id,
      attempt,
      at: Date.now(),
      status: null,
      fault,
    };
    this.deliveries.push(delivery);
    return delivery;
  }
}

const FORGED = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

function signed({ webhookId, body }: Message, seconds: number, secret: string) {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const text = `${webhookId}.${seconds}.${body}`;
  const signature = createHmac("sha256", key).update(text).digest("base64");
  return {
    "webhook-id": webhookId,
    "webhook-timestamp": String(seconds),
    "webhook-signature": `v1,${signature}`,
  };
}
