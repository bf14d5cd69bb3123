import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { type Answer, Client } from "../bench/client";
import { Tally } from "./tally";

/**
 * What one sender sends: whole sessions, one a request, as often as `everyMs` says, whether or not the
 * one before was answered; at 0 one after the other without a pause.
 */
export type Sender = { name: string; key: string; everyMs: number };

export type CrowdOptions = {
  address: string;
  senders: readonly Sender[];
  /** The keys of viewers: each has a live stream open and reads one page's data after the other. */
  viewers: readonly string[];
};

/** Longer than anything may take that is answered at all. */
const LIMIT_MS = 60_000;
const THINK_MS = 1_500;
/** Of each session; every one of them has to be there if it was acknowledged. */
export const EVENTS = 10;

const READS = [
  "/api/v1/sessions?limit=50",
  "/api/v1/overview?last-hour",
  "/api/v1/sessions/counts",
  "/api/v1/metrics?metric=cost&metric=failure_rate&step=5m&last-hour",
  "/api/v1/failures/groups?last-hour",
  "/api/v1/agents",
  "/api/v1/alerts",
  "/api/v1/episodes",
];

/** What pages ask for. The hour ends with our own clock, which may be another than the product's. */
export function pagesReads(): string[] {
  const nowMs = Date.now();
  const [from, to] = [nowMs - 3_600_000, nowMs].map((ms) => new Date(ms).toISOString());
  return READS.map((path) => path.replace("last-hour", `from=${from}&to=${to}`));
}

/** Senders and viewers at work on a running product until they are told to stop. */
export class Crowd {
  readonly sent = new Tally();
  readonly read = new Tally();
  /** Ids of sessions whose request was answered with a 200. */
  readonly acknowledged = new Set<string>();
  /** By the name of a sender: how many of its requests were taken, and ms from its first try of each. */
  readonly taken = new Map<string, number[]>();
  hints = 0;
  readonly #client: Client;
  readonly #over = new AbortController();
  readonly #work: Promise<void>[];
  #last = "";

  constructor(readonly options: CrowdOptions) {
    const { senders, viewers, address } = options;
    // Those that send by the clock have several under way.
    const sockets = 2 * senders.length + viewers.length;
    // Everybody hears of the end.
    setMaxListeners(0, this.#over.signal);
    this.#client = new Client(address, "", { sockets, limitMs: LIMIT_MS });
    this.#work = [
      ...senders.map((sender, at) => this.#send(sender, at)),
      ...viewers.map((key, at) => this.#view(key, at)),
      ...viewers.map((key) => this.#listen(key)),
    ];
  }

  async stop(): Promise<void> {
    this.#over.abort();
    await Promise.all(this.#work);
    this.#client.close();
  }

  async #send({ name, key, everyMs }: Sender, at: number): Promise<void> {
    const under: Promise<void>[] = [];
    for (let number = 0; !this.#over.signal.aborted; number++) {
      const one = this.#sendOne({ name, key }, `sesn_${name}_${at}_${number}`);
      if (everyMs === 0) await one;
      else under.push(one);
      await this.#pause(everyMs);
    }
    await Promise.all(under);
  }

  async #sendOne({ name, key }: Pick<Sender, "name" | "key">, id: string): Promise<void> {
    const headers = { authorization: `Bearer ${key}` };
    const body = JSON.stringify(sessionOf(id, Date.now()));
    const began = performance.now();
    const isTaken = await this.#untilTaken(() =>
      this.#client.post("/api/v1/ingest", body, headers),
    );
    if (!isTaken) return;
    const took = this.taken.get(name) ?? [];
    this.taken.set(name, took);
    took.push(performance.now() - began);
    this.acknowledged.add(id);
    this.#last = id;
  }

  /** Sends it until it is taken, coming again when the answer says so. False when it is over. */
  async #untilTaken(send: () => Promise<Answer>): Promise<boolean> {
    while (!this.#over.signal.aborted) {
      const answer = await send().catch((error: Error) => this.sent.lost(error));
      if (answer) this.sent.add(answer);
      if (answer?.status === 200) return true;
      // Spread a little, as clocks of different senders are.
      const seconds = Number(answer?.headers["retry-after"] ?? 0.5) + Math.random() / 2;
      await this.#pause(seconds * 1_000);
    }
    return false;
  }

  async #view(key: string, at: number): Promise<void> {
    const headers = { authorization: `Bearer ${key}` };
    for (let turn = at; !this.#over.signal.aborted; turn++) {
      const paths = [...pagesReads(), `/api/v1/sessions/${this.#last || "none"}`];
      const answer = await this.#client
        .get(paths[turn % paths.length] ?? "", headers)
        .catch((error: Error) => this.read.lost(error));
      if (answer) this.read.add(answer);
      const seconds = Number(answer?.headers["retry-after"] ?? 0);
      await this.#pause(seconds * 1_000 + THINK_MS * (0.5 + Math.random()));
    }
  }

  /** A stream of hints, opened again as a browser does when it ends. */
  async #listen(key: string): Promise<void> {
    const headers = { authorization: `Bearer ${key}`, accept: "text/event-stream" };
    while (!this.#over.signal.aborted) {
      try {
        const { signal } = this.#over;
        const answer = await fetch(`${this.options.address}/api/v1/live`, { headers, signal });
        if (answer.status !== 200)
          this.read.add({
            status: answer.status,
            headers: Object.fromEntries(answer.headers),
            body: Buffer.from(await answer.arrayBuffer()),
            ms: 0,
          });
        else for await (const _ of answer.body ?? []) this.hints++;
      } catch (error) {
        if (!this.#over.signal.aborted) this.read.lost(error as Error);
      }
      await this.#pause(2_000);
    }
  }

  async #pause(ms: number): Promise<void> {
    if (ms > 0) await sleep(ms, undefined, { signal: this.#over.signal }).catch(() => {});
  }
}

/** A short session that ended well, now. */
function sessionOf(id: string, nowMs: number): object {
  const at = (ms: number) => new Date(nowMs - 2_000 + ms).toISOString();
  const event = (number: number, type: string, fields: object = {}) => ({
    session_id: id,
    event: { id: `${id}-${number}`, type, processed_at: at(number * 100), ...fields },
  });
  const text = (words: string) => ({ content: [{ type: "text", text: words.repeat(20) }] });
  const agent = `agent_${id.length % 5}`;
  return {
    sessions: [
      {
        ...{ id, type: "session", title: `Session ${id}`, created_at: at(0), updated_at: at(0) },
        ...{ environment_id: "env_chaos", metadata: { tenant: "acme" } },
        agent: { id: agent, name: agent, version: 1, model: { id: "claude-haiku-4-5" } },
      },
    ],
    events: [
      event(0, "session.status_running"),
      event(1, "user.message", text("Look into the build. ")),
      event(2, "span.model_request_start"),
      event(3, "agent.message", text("Looking at it now. ")),
      event(4, "agent.tool_use", { name: "bash", input: { command: "ls" } }),
      event(5, "span.model_request_end", {
        ...{ model_request_start_id: `${id}-2`, is_error: false },
        model_usage: {
          ...{ input_tokens: 1_000, output_tokens: 50 },
          ...{ cache_read_input_tokens: 500, cache_creation_input_tokens: 0 },
        },
      }),
      event(6, "agent.tool_result", { tool_use_id: `${id}-4`, ...text("total 4 ") }),
      event(7, "agent.message", text("Done. ")),
      event(8, "session.usage", { usage: { input_tokens: 1_000, output_tokens: 50 } }),
      event(9, "session.status_idle", { stop_reason: { type: "end_turn" } }),
    ],
  };
}
