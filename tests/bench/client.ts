import { Agent, type IncomingHttpHeaders, request } from "node:http";

export type Answer = { status: number; headers: IncomingHttpHeaders; body: Buffer; ms: number };

/** Keep-alive connections of plain `node:http`: the measuring side has to cost little. */
export class Client {
  readonly #agent: Agent;
  readonly #limitMs: number | undefined;
  #keys: string[];
  #turn = 0;

  constructor(
    readonly address: string,
    readonly key: string,
    { sockets = 16, limitMs }: { sockets?: number; limitMs?: number } = {},
  ) {
    this.#agent = new Agent({ keepAlive: true, maxSockets: sockets });
    this.#limitMs = limitMs;
    this.#keys = [key];
  }

  /** More keys, used in turn: one alone may make 6,000 requests a minute. */
  takeTurns(keys: readonly string[]): void {
    this.#keys = [...keys];
  }

  get(path: string, headers: Record<string, string> = this.#authorization()): Promise<Answer> {
    return this.#send("GET", path, headers);
  }

  post(path: string, body: string | Buffer, headers: Record<string, string> = {}): Promise<Answer> {
    const all = { "content-type": "application/json", ...this.#authorization(), ...headers };
    return this.#send("POST", path, all, body);
  }

  patch(path: string, body: string): Promise<Answer> {
    const headers = { "content-type": "application/json", ...this.#authorization() };
    return this.#send("PATCH", path, headers, body);
  }

  /** Takes a long answer in and drops it. Resolves with its length in bytes and in lines. */
  async drain(path: string): Promise<{ bytes: number; lines: number }> {
    const answer = await fetch(`${this.address}${path}`, { headers: this.#authorization() });
    if (answer.status !== 200) throw new Error(`${path}: status ${answer.status}`);
    let [bytes, lines] = [0, 0];
    for await (const chunk of answer.body ?? []) {
      bytes += chunk.length;
      for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) lines++;
    }
    return { bytes, lines };
  }

  close(): void {
    this.#agent.destroy();
  }

  #authorization(): Record<string, string> {
    this.#turn = (this.#turn + 1) % this.#keys.length;
    return { authorization: `Bearer ${this.#keys[this.#turn]}` };
  }

  #send(
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: string | Buffer,
  ): Promise<Answer> {
    const began = performance.now();
    const length = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
    return new Promise((done, failed) => {
      const limit = this.#limitMs ? { signal: AbortSignal.timeout(this.#limitMs) } : {};
      const options = { method, agent: this.#agent, headers: { ...headers, ...length }, ...limit };
      const sent = request(`${this.address}${path}`, options, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", failed);
        response.on("end", () =>
          done({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
            ms: performance.now() - began,
          }),
        );
      });
      sent.on("error", failed);
      sent.end(body);
    });
  }
}

/** @throws with the answer's text if it is not a 200 */
export function checked(answer: Answer, what: string): Answer {
  if (answer.status === 200) return answer;
  throw new Error(`${what}: status ${answer.status}: ${answer.body.toString().slice(0, 500)}`);
}

/** The same of a request under way, for any status. */
export async function checkedAnswer(sent: Promise<Answer>, status: number): Promise<Answer> {
  const answer = await sent;
  if (answer.status === status) return answer;
  throw new Error(`status ${answer.status}: ${answer.body.toString().slice(0, 500)}`);
}
