import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { refuse } from "@/lib/http/gate.mjs";

let server: Server;
beforeAll(async () => {
  server = createServer((incoming, response) => {
    if (!refuse(incoming, response)) response.end(`through ${incoming.url}`);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
});
afterAll(() => {
  server.close();
});

/** Sends the path as it is written, which `fetch` would not. */
function send(method: string, path: string) {
  const { port } = server.address() as AddressInfo;
  return new Promise<{ status: number; headers: object; text: string }>((done, failed) => {
    const outgoing = request({ host: "127.0.0.1", port, method, path }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on("end", () =>
        done({ status: response.statusCode ?? 0, headers: response.headers, text }),
      );
    });
    outgoing.on("error", failed);
    outgoing.end();
  });
}

it.each([
  ["GET", "/", "/"],
  ["GET", "/sessions/", "/sessions/"],
  ["PROPFIND", "/sessions", "/sessions"],
  ["GET", "/api", "/api"],
  ["GET", "/api/", "/api"],
  ["GET", "/api/v1/sessions?limit=1", "/api/v1/sessions?limit=1"],
  ["GET", "/api/v1/sessions//?a=/&b=?/", "/api/v1/sessions?a=/&b=?/"],
  ["POST", "/api/webhooks/anthropic/conn_1/", "/api/webhooks/anthropic/conn_1"],
  ["POST", "//api/webhooks//anthropic/conn_1//?a=//", "/api/webhooks/anthropic/conn_1?a=//"],
  ["GET", "//", "//"],
  ["GET", "//sessions", "//sessions"],
  ["DELETE", "/api/v1/keys/a%2Fb", "/api/v1/keys/a%2Fb"],
  ["GET", "/api/v1/sessions/%C3%BC", "/api/v1/sessions/%C3%BC"],
  ["GET", "/x?a=%ff", "/x?a=%ff"],
  ["REPORT", "/apis", "/apis"],
])("%s %s passes as %s", async (method, path, url) => {
  expect(await send(method, path)).toMatchObject({ status: 200, text: `through ${url}` });
});

it.each([
  ["GET", "/%ff", 400, "invalid"],
  ["GET", "/api/v1/sessions/%", 400, "invalid"],
  ["GET", "/api/v1/sessions/%C3", 400, "invalid"],
  ["PROPFIND", "/api/v1/sessions", 405, "method_not_allowed"],
  ["REPORT", "/api", 405, "method_not_allowed"],
])("%s %s is refused with %i", async (method, path, status, code) => {
  const answer = await send(method, path);
  const body = JSON.parse(answer.text);
  expect([answer.status, body]).toEqual([
    status,
    {
      error: { code, message: expect.stringMatching(/\.$/) },
      requestId: expect.stringMatching(/^req_[0-9a-f]{32}$/),
    },
  ]);
  expect(answer.headers).toMatchObject({
    "x-request-id": body.requestId,
    "content-type": "application/json; charset=utf-8",
  });
});
