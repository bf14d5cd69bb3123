// The web process: `node lib/cli/web.mjs PORT HOST`. Plain JavaScript, so that it carries no compiler.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import next from "next";
import { refuse } from "../http/gate.mjs";

const [port = "3000", hostname = "0.0.0.0"] = process.argv.slice(2);
// The settings as the build resolved them, given the way Next's own standalone server gives them:
// reading next.config.ts would load the compiler into this process, `conf` notwithstanding.
const { config } = JSON.parse(readFileSync(".next/required-server-files.json", "utf8"));
process.env.__NEXT_PRIVATE_STANDALONE_CONFIG = JSON.stringify(config);
// `npm start` starts this process beside the database, and says where that is once it is ready.
if (process.send) {
  const [{ databaseUrl }] = await once(process, "message");
  process.env.DATABASE_URL = databaseUrl;
}
// A log on a full disk is no reason to end.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
const app = next({ dev: false, hostname, port: Number(port) });
await app.prepare();

const handle = app.getRequestHandler();
/** @type {Set<import("node:http").ServerResponse>} */
const streams = new Set();
const server = createServer((request, response) => {
  if (request.headers.accept?.includes("text/event-stream")) {
    streams.add(response);
    response.once("close", () => streams.delete(response));
  }
  // Who is at the other end of the connection; what a caller says of it itself does not count.
  request.headers["x-watchkeeper-peer"] = request.socket.remoteAddress ?? "";
  if (!refuse(request, response)) handle(request, response);
});
// Longer than a load balancer's idle limit (60 s is common), so that it is never we who hang up first.
server.keepAliveTimeout = 65_000;
server.on("error", (error) => {
  process.stderr.write(`The web process cannot listen on ${hostname}:${port}: ${error.message}\n`);
  process.exit(1);
});
server.listen(Number(port), hostname, () => process.send?.("ready"));

/** Finishes what has begun; streams to live pages have no end of their own, and come again. */
function stop() {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
  for (const response of streams) response.destroy();
  setTimeout(() => server.closeAllConnections(), 3_000).unref();
}
process.on("SIGTERM", stop);
process.on("SIGINT", stop);
process.on("disconnect", () => process.exit(1));
