import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { POST } from "@/app/api/webhooks/anthropic/[connectionId]/route";
import { call } from "./call";

export type Receiver = { urlOf(connectionId: string): string; close(): Promise<void> };

/** A port of its own in front of the webhook route, for senders that know HTTP only. */
export async function startReceiver(): Promise<Receiver> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const path = request.url ?? "/";
    const answer = await call(POST, path, {
      method: request.method ?? "POST",
      headers: request.headers as Record<string, string>,
      body: new Uint8Array(Buffer.concat(chunks)),
      params: { connectionId: path.split("/").at(-1) ?? "" },
    });
    response.writeHead(answer.status, { "content-type": "application/json" }).end(answer.text);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return {
    urlOf: (id) => `http://127.0.0.1:${port}/api/webhooks/anthropic/${id}`,
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
