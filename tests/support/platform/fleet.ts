import { DemoOptions, type DemoSession } from "@/lib/demo/schema";
import { simulateFleet } from "@/lib/demo/simulate";
import { microsFromIso } from "@/lib/time/micros";
import { DC_07, HP_05, recordedItems } from "../recorded";
import type { JsonObject, Listed } from "./shapes";
import type { Truth } from "./truth";

/** Puts a simulated fleet in, silently. Its present is the platform's unless `nowUs` says otherwise. */
export function loadFleet(truth: Truth, options: Partial<DemoOptions>) {
  const parsed = DemoOptions.parse({ nowUs: truth.nowUs(), ...options });
  return loadDemos(truth, simulateFleet(parsed));
}

/** The same of sessions that hold so many events each, `sessions` of them. */
export function loadSome(
  truth: Truth,
  options: Partial<DemoOptions> & { least: number; most: number; sessions: number },
) {
  const { least, most, sessions, ...rest } = options;
  const nowUs = truth.nowUs();
  const all = simulateFleet(DemoOptions.parse({ nowUs, ...rest, sessions: sessions * 10 }));
  function* some() {
    for (let left = sessions; left > 0; ) {
      const demo = all.next().value;
      if (!demo) return;
      if (demo.events.length < least || demo.events.length > most) continue;
      left--;
      yield demo;
    }
  }
  return loadDemos(truth, some());
}

function loadDemos(truth: Truth, demos: Iterable<DemoSession>) {
  const counts = { sessions: 0, threads: 0, events: 0 };
  for (const demo of demos) {
    const { session, deployment_runs: runs = [], memory_stores: memoryStores = [], ...rest } = demo;
    truth.load({ ...rest, runs, memoryStores, sessions: [session] });
    counts.sessions += 1;
    counts.threads += demo.threads.length;
    counts.events += demo.events.length;
  }
  return counts;
}

/** The two recorded sessions, with the primary threads that the recording only names. */
export function loadRecorded(truth: Truth): void {
  for (const id of [HP_05, DC_07] as const) {
    const items = recordedItems(id);
    const of = (wanted: string) =>
      items.flatMap(({ kind, data }) => (kind === wanted ? [data as JsonObject] : []));
    const [session = {}] = of("session");
    const begun = of("event").find(({ type }) => type === "session.thread_status_running");
    const primary = {
      ...session,
      id: begun?.session_thread_id,
      type: "session_thread",
      session_id: id,
      parent_thread_id: null,
      workflow_run_id: null,
      usage: null,
      stats: null,
    };
    truth.load({
      sessions: [session as { id: string }],
      threads: [primary, ...of("thread")] as { id: string; session_id: string }[],
      events: items.flatMap(({ kind, threadId, data }): Listed[] => {
        const session_thread_id = threadId as string | null;
        return kind === "event"
          ? [{ session_id: id, session_thread_id, event: data as object }]
          : [];
      }),
    });
  }
}

/** One thing that happens to a session; `atUs` is when it did in the simulation. */
export type Step = { atUs: number; happen(truth: Truth): void };

/** Inputs that wait in a queue until the agent takes them in. */
const QUEUED = new Set(["user.message", "user.interrupt", "user.tool_confirmation"]);

/**
 * A simulated session as it unfolds: created, event by event over all its lists (inputs first
 * queued, their time set later; children listed `threadLagUs` after their creation was told), and at
 * last the objects as the simulator states them. The caller decides how fast.
 */
export function stepsOf(demo: DemoSession, threadLagUs = () => 0): Step[] {
  const { session, threads } = demo;
  const createdUs = microsFromIso(session.created_at) ?? 0;
  const steps: Step[] = [{ atUs: createdUs, happen: (truth) => begin(truth, demo) }];
  for (const { listed, atUs } of inTime(demo, createdUs)) {
    const { session_id, session_thread_id: list } = listed;
    const event = listed.event as unknown as JsonObject;
    const append = (data: JsonObject) => (truth: Truth) =>
      truth.appendEvent(session_id, list, data);
    if (QUEUED.has(String(event.type)) && typeof event.processed_at === "string") {
      const place = Math.max(1, steps.length - 1);
      const sentUs = steps[place]?.atUs ?? atUs;
      steps.splice(place, 0, { atUs: sentUs, happen: append({ ...event, processed_at: null }) });
    }
    if (event.type === "session.thread_created") {
      const add = (truth: Truth) => addThread(truth, demo, event.session_thread_id);
      steps.push({ atUs: atUs + threadLagUs(), happen: add });
    }
    steps.push({ atUs, happen: append(event) });
  }
  steps.sort((a, b) => a.atUs - b.atUs);
  const atUs = steps.at(-1)?.atUs ?? createdUs;
  const happen = (truth: Truth) => {
    for (const thread of threads) truth.putThread(thread);
    truth.putSession(session);
  };
  return [...steps, { atUs, happen }];
}

/** All lists as one, by time; an event without one goes with the event before it. */
function inTime({ events }: DemoSession, createdUs: number) {
  const lastUs = new Map<string | null, number>();
  const placed = events.map((listed) => {
    const { processed_at } = listed.event as { processed_at?: string | null };
    const before = lastUs.get(listed.session_thread_id) ?? createdUs;
    const atUs = (processed_at && microsFromIso(processed_at)) || before;
    lastUs.set(listed.session_thread_id, atUs);
    return { listed, atUs };
  });
  return placed.sort((a, b) => a.atUs - b.atUs);
}

function begin(truth: Truth, demo: DemoSession): void {
  for (const agent of demo.agents ?? []) truth.putAgent(agent);
  for (const environment of demo.environments ?? []) truth.putEnvironment(environment);
  for (const deployment of demo.deployments ?? []) truth.putDeployment(deployment);
  for (const run of demo.deployment_runs ?? []) truth.putRun(run);
  for (const vault of demo.vaults ?? []) truth.putVault(vault);
  for (const store of demo.memory_stores ?? []) truth.putMemoryStore(store);
  const { session } = demo;
  const updated_at = session.created_at;
  const none = { usage: {}, stats: {}, outcome_evaluations: [], archived_at: null };
  truth.putSession(Object.assign({}, session, none, { status: "idle", updated_at }));
  const primary = demo.threads.find(({ parent_thread_id }) => parent_thread_id === null);
  addThread(truth, demo, primary?.id);
}

function addThread(truth: Truth, demo: DemoSession, id: unknown): void {
  const thread = demo.threads.find((known) => known.id === id);
  if (!thread || truth.session(demo.session.id).threads.items.some((known) => known.id === id))
    return;
  const updated_at = thread.created_at;
  const none = { usage: null, stats: null, archived_at: null };
  truth.putThread(Object.assign({}, thread, none, { status: "idle", updated_at }));
}
