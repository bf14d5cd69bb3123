import { createServer, type IncomingHttpHeaders, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

export type Received = { path: string; headers: IncomingHttpHeaders; text: string; atMs: number };
export type Sink = {
  url: string;
  received: Received[];
  /** The bodies as JSON. */
  bodies(): Record<string, unknown>[];
  /** What it does once it has read a request: 200 and `ok` unless told otherwise. */
  answer: RequestListener;
  close(): Promise<void>;
};

export const answering =
  (status: number, headers: Record<string, string> = {}, text = ""): RequestListener =>
  (_, response) =>
    response.writeHead(status, headers).end(text);

/** Takes the request and never answers. */
export const hanging: RequestListener = () => {};

/** Closes the connection once the request is there. */
export const cutting: RequestListener = (request) => request.socket.destroy();

/** A receiver of webhooks on a port of its own. */
export async function startSink(): Promise<Sink> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString("utf8");
    const { url: path = "/", headers } = request;
    sink.received.push({ path, headers, text, atMs: Date.now() });
    sink.answer(request, response);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const sink: Sink = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: [],
    bodies: () => sink.received.map(({ text }) => JSON.parse(text)),
    answer: answering(200, {}, "ok"),
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
  return sink;
}
