import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

export type Sink = {
  url: string;
  /** When each of these texts was first found in what came to a path; those that came in time. */
  untilNamed(
    path: string,
    texts: readonly string[],
    withinMs: number,
  ): Promise<Map<string, number>>;
  close(): Promise<void>;
};

/** A receiver that takes everything. */
export async function openSink(): Promise<Sink> {
  const came: { at: number; path: string; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => {
      body += part;
    });
    request.on("end", () => {
      const path = request.url ?? "";
      came.push({ at: Date.now(), path, body });
      response.end("ok");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const found = (path: string, texts: readonly string[]) =>
    new Map(
      texts.flatMap((text) => {
        const first = came.find((one) => one.path === path && one.body.includes(`"${text}"`));
        return first ? [[text, first.at] as const] : [];
      }),
    );
  return {
    url: `http://127.0.0.1:${port}`,
    async untilNamed(path, texts, withinMs) {
      const until = Date.now() + withinMs;
      while (Date.now() < until && found(path, texts).size < texts.length) await sleep(100);
      return found(path, texts);
    },
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
