import type { IncomingMessage, ServerResponse } from "node:http";
import { loadFleet, loadRecorded, loadSome } from "./fleet";
import { LiveFleet, type LiveOptions } from "./live";
import type { Platform } from "./platform";
import type { CostRow, JsonObject, Listed, Load } from "./shapes";
import type { WebhookFaults } from "./webhooks";

type Command = (platform: Platform, body: JsonObject) => unknown;
type Putter = (data: { id: string; session_id: string }) => void;

/** Everything a test does in process, for a platform that is a process of its own. */
const COMMANDS: Record<string, Command> = {
  load: (platform, body) => platform.load(body as Load),
  put: (platform, { kind, data }) => {
    const put = puttersOf(platform)[String(kind)];
    if (!put) throw new Error(`put: unknown kind ${kind}`);
    put(data as { id: string; session_id: string });
  },
  append: (platform, { events }) => {
    for (const { session_id, session_thread_id, event } of events as Listed[])
      platform.appendEvent(session_id, session_thread_id, event);
  },
  archive: (platform, { session_id }) => platform.archive(String(session_id)),
  delete: (platform, { session_id }) => platform.deleteSession(String(session_id)),
  simulate: (platform, body) => loadFleet(platform, body),
  "simulate-some": (platform, body) => loadSome(platform, body as Parameters<typeof loadSome>[1]),
  live: (platform, body) => {
    new LiveFleet(platform, body as LiveOptions);
  },
  recorded: (platform) => loadRecorded(platform),
  snapshot: (platform) => platform.snapshot(),
  faults: (platform, body) => {
    platform.faults = body;
  },
  behaviour: (platform, body) => {
    platform.behaviour = body;
  },
  limits: (platform, { readsPerMinute, burst }) =>
    platform.limitReads(readsPerMinute as number | null, burst as number | undefined),
  "expire-cursors": (platform) => platform.expireCursors(),
  "cut-streams": (platform) => ({ cut: platform.streams.cut() }),
  requests: (platform) => ({
    records: platform.requests.records,
    counts: Object.fromEntries(platform.requests.counts),
  }),
  "clear-requests": (platform) => platform.requests.clear(),
  writes: (platform) => platform.writes,
  subscribe: (platform, body) =>
    platform.webhooks.subscribe(body as { url: string; secret: string; types?: string[] }),
  unsubscribe: (platform, { id }) => platform.webhooks.unsubscribe(String(id)),
  endpoints: (platform) => platform.webhooks.endpoints,
  deliveries: (platform) => platform.webhooks.deliveries,
  "webhook-faults": (platform, body) => {
    platform.webhooks.faults = body as Partial<WebhookFaults>;
  },
  emit: (platform, body) => platform.webhooks.emit(body as { type: string; id: string }),
  settled: (platform) => platform.webhooks.settled(),
  "cost-rows": (platform, { rows }) => {
    platform.costRows.push(...(rows as CostRow[]));
  },
  "cost-reported-until": (platform, { us }) => {
    platform.costReportedUntilUs = us as number | null;
  },
  "work-stats": (platform, { environment_id, stats }) =>
    platform.putWorkStats(String(environment_id), stats as JsonObject),
};

const puttersOf = (platform: Platform): Record<string, Putter> => ({
  session: (data) => platform.putSession(data),
  thread: (data) => platform.putThread(data),
  agent: (data) => platform.putAgent(data),
  environment: (data) => platform.putEnvironment(data),
  deployment: (data) => platform.putDeployment(data),
  run: (data) => platform.putRun(data),
  vault: (data) => platform.putVault(data),
  memory_store: (data) => platform.putMemoryStore(data),
});

/** `POST /_control/<command>` with a JSON object; no key, it counts as no request. */
export async function control(call: {
  platform: Platform;
  request: IncomingMessage;
  answer: ServerResponse;
  body: string;
}): Promise<void> {
  const name = call.request.url?.slice("/_control/".length) ?? "";
  const say = (status: number, value: unknown) => {
    call.answer.writeHead(status, { "content-type": "application/json" });
    call.answer.end(JSON.stringify(value ?? {}));
  };
  const command = COMMANDS[name];
  if (!command) {
    say(404, { message: `no command ${name}; there are ${Object.keys(COMMANDS).join(", ")}` });
    return;
  }
  try {
    say(200, await command(call.platform, JSON.parse(call.body || "{}") as JsonObject));
  } catch (error) {
    say(400, { message: String(error) });
  }
}
