import type { ServerResponse } from "node:http";
import { textOf } from "./entries";
import type { Dice, Faults } from "./faults";
import { alteredEvent, isLeftOut } from "./render";
import type { Behaviour, Change } from "./shapes";

type Client = { answer: ServerResponse; sessionId: string; threadId: string | null };

/** Open event streams. Nothing that came before a stream was opened is told on it. */
export class Streams {
  readonly #clients = new Set<Client>();
  readonly #pings: NodeJS.Timeout;

  constructor(
    readonly world: { faults: Faults; dice: Dice; behaviour: Behaviour },
    pingMs: number,
  ) {
    this.#pings = setInterval(() => {
      for (const { answer } of this.#clients) answer.write(PING);
    }, pingMs);
    this.#pings.unref();
  }

  get open(): number {
    return this.#clients.size;
  }

  add(client: Client, headers: Record<string, string>): void {
    client.answer.writeHead(200, {
      ...headers,
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache",
    });
    client.answer.write(PING);
    this.#clients.add(client);
    client.answer.on("close", () => this.#clients.delete(client));
  }

  tell(change: Change): void {
    if (change.kind === "object") return;
    const { behaviour, dice, faults } = this.world;
    const type = textOf(change.event.type) ?? "";
    if (isLeftOut(type, behaviour) || (change.kind === "event" && change.isArchived)) return;
    const text = `event: ${type}\ndata: ${JSON.stringify(alteredEvent(change.event, behaviour))}\n\n`;
    for (const client of this.#clients) {
      if (client.sessionId !== change.sessionId || !isMeant(client, change)) continue;
      if (dice.hits(faults.cutStream)) client.answer.destroy();
      else if (change.kind === "deleted") client.answer.end(text);
      else client.answer.write(text);
    }
  }

  /** What only streams tell and no list holds, such as a preview. */
  say(sessionId: string, data: { type: string }): void {
    for (const client of this.#clients)
      if (client.sessionId === sessionId)
        client.answer.write(`event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** Cuts every stream at once; how many there were. */
  cut(): number {
    const count = this.#clients.size;
    for (const { answer } of this.#clients) answer.destroy();
    return count;
  }

  close(): void {
    clearInterval(this.#pings);
    this.cut();
  }
}

const PING = 'event: ping\ndata: {"type":"ping"}\n\n';

function isMeant({ threadId }: Client, change: Exclude<Change, { kind: "object" }>): boolean {
  if (change.kind === "deleted") return true;
  if (threadId === null || threadId !== change.primaryId) return threadId === change.threadId;
  const about = textOf(change.event.session_thread_id);
  return change.threadId === null && (about === null || about === threadId);
}
