import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { control } from "./control";
import { ApiFault, notFound } from "./errors";
import { refusal, throwByChance } from "./faults";
import { Platform } from "./platform";
import { Query } from "./query";
import { type Route, Router } from "./routes";
import { adminRoutes } from "./routes-admin";
import { eventRoutes } from "./routes-events";
import { objectRoutes } from "./routes-objects";
import { sendRoutes } from "./routes-send";
import { sessionRoutes } from "./routes-sessions";
import type { PlatformOptions, RequestRecord } from "./shapes";

const ROUTER = new Router([
  ...sessionRoutes,
  ...eventRoutes,
  ...objectRoutes,
  ...adminRoutes,
  ...sendRoutes,
]);

/** The Managed Agents API on a free loopback port, empty until something is put into it. */
export async function startPlatform(options: PlatformOptions = {}): Promise<Platform> {
  const platform = new Platform(options);
  // A server that ends an idle connection just as it is used again would look like a fault.
  const server = createServer({ keepAliveTimeout: 300_000 }, (request, answer) => {
    const done = request.url?.startsWith("/_control/")
      ? readBody(request).then((body) => control({ platform, request, answer, body }))
      : serve(platform, request, answer);
    done.catch((error: unknown) => {
      console.error("The test platform failed:", error);
      answer.destroy();
    });
  });
  await new Promise<void>((done, failed) => {
    server.once("error", failed);
    server.listen(options.port ?? 0, "127.0.0.1", done);
  });
  platform.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  platform.onClose(
    () =>
      new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  );
  return platform;
}

type Exchange = {
  platform: Platform;
  request: IncomingMessage;
  answer: ServerResponse;
  record: RequestRecord;
  headers: Record<string, string>;
};

async function serve(platform: Platform, request: IncomingMessage, answer: ServerResponse) {
  const { method = "GET", url = "/" } = request;
  const cut = url.indexOf("?");
  const path = cut < 0 ? url : url.slice(0, cut);
  const query = cut < 0 ? "" : url.slice(cut + 1);
  const record = { at: Date.now(), method, path, query, endpoint: "", status: 0 };
  platform.requests.add(record);
  const found = ROUTER.find(method, path);
  platform.requests.count(record, found ? `${method} ${found.route.path}` : `${method} other`);
  const body = method === "GET" ? "" : await readBody(request);
  if (method !== "GET") platform.writes.push({ at: record.at, method, path, body });
  const requestId = platform.newId("req");
  const headers: Record<string, string> = {
    "request-id": requestId,
    "anthropic-workspace-id": platform.workspaceId,
  };
  const exchange = { platform, request, answer, record, headers };
  const { faults, dice } = platform;
  if (dice.hits(faults.slow)) await sleep(faults.slowMs);
  if (dice.hits(faults.cutBefore)) {
    answer.destroy();
    return;
  }
  try {
    admit(exchange, found?.route ?? null);
    if (!found) throw method === "GET" ? notFound(path) : notAllowed(method);
    record.status = 200;
    const { route, ids } = found;
    const json = route.answer({ platform, ids, query: new Query(query), body, answer, headers });
    if (json !== null) send(exchange, 200, json);
  } catch (error) {
    if (!(error instanceof ApiFault)) throw error;
    Object.assign(headers, error.extras.headers);
    send(exchange, error.status, error.body(requestId));
  }
}

/** Throws what stands between a request and its answer. */
function admit({ platform, request, headers }: Exchange, route: Route | null): void {
  checkKey(platform, request, route);
  const { faults, dice } = platform;
  if (faults.refuse !== null) throw refusal(faults.refuse);
  const bucket = request.method === "GET" ? platform.reads : platform.creates;
  Object.assign(headers, bucket.take(Date.now()));
  if (platform.forbid?.paths.test(request.url ?? ""))
    throw platform.forbid.status === 404 ? notFound(request.url ?? "") : refusal("forbidden");
  throwByChance(faults, dice);
  const betas = String(request.headers["anthropic-beta"] ?? "").split(/\s*,\s*/);
  if (route?.beta && !betas.includes(route.beta)) throw notFound(request.url ?? "");
}

function checkKey(platform: Platform, { headers }: IncomingMessage, route: Route | null): void {
  const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? "")?.[1];
  const key = headers["x-api-key"] ?? bearer;
  const wanted = route?.needs === "admin_key" ? platform.adminKey : platform.apiKey;
  if (key !== wanted) throw new ApiFault(401, "authentication_error", "invalid x-api-key");
  const workspace = headers["anthropic-workspace-id"];
  if (workspace !== undefined && workspace !== platform.workspaceId)
    throw new ApiFault(403, "permission_error", `The key cannot reach ${workspace}.`);
}

const notAllowed = (method: string) =>
  new ApiFault(405, "invalid_request_error", `${method} is not accepted here.`);

function send({ platform, answer, record, headers }: Exchange, status: number, json: string) {
  const { faults, dice } = platform;
  const whole = Buffer.from(json);
  const half = whole.subarray(0, whole.length >> 1);
  const isCut = dice.hits(faults.cutWithin);
  const body = status === 200 && dice.hits(faults.truncated) ? half : whole;
  record.status = isCut ? 0 : status;
  answer.writeHead(status, {
    ...headers,
    "content-type": "application/json",
    "content-length": String(body.length),
  });
  if (isCut) answer.write(half, () => answer.destroy());
  else answer.end(body);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
