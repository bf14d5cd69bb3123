import { isoFromMicros } from "@/lib/time/micros";
import { budgetOf, isActive, sessionAfter, threadAfter } from "./apply";
import {
  EventList,
  type ObjectEntry,
  ObjectTable,
  objectEntry,
  objectOf,
  type SessionEntry,
  textOf,
} from "./entries";
import type { Change, JsonObject, Load, Resource, Snapshot } from "./shapes";
import { Sorted } from "./sorted";

/** What the platform knows. `load` is silent; every other change reaches the streams and webhooks. */
export class Truth {
  readonly sessions = new Map<string, SessionEntry>();
  readonly sessionList = new Sorted<SessionEntry>();
  readonly deletedSessions: string[] = [];
  /** The newest version of each agent. */
  readonly agents = new ObjectTable();
  readonly agentVersions = new Map<string, Sorted<ObjectEntry>>();
  readonly environments = new ObjectTable();
  readonly deployments = new ObjectTable();
  readonly runs = new ObjectTable();
  readonly vaults = new ObjectTable();
  readonly memoryStores = new ObjectTable();
  readonly workStats = new Map<string, JsonObject>();
  statusLagMs = 0;
  readonly #listeners: ((change: Change) => void)[] = [];
  #seq = 0;
  #ids = 0;

  constructor(
    readonly nowUs: () => number,
    readonly appliesEvents = true,
  ) {}

  onChange(listener: (change: Change) => void): void {
    this.#listeners.push(listener);
  }

  load(load: Load): void {
    for (const agent of load.agents ?? []) this.#storeAgent(agent as JsonObject);
    const tables: [ObjectTable, readonly object[] | undefined][] = [
      [this.environments, load.environments],
      [this.deployments, load.deployments],
      [this.runs, load.runs],
      [this.vaults, load.vaults],
      [this.memoryStores, load.memoryStores],
    ];
    for (const [table, objects] of tables)
      for (const data of objects ?? []) table.put(data as JsonObject, this.#seq++);
    for (const session of load.sessions ?? []) this.#storeSession(session as JsonObject);
    for (const thread of load.threads ?? []) this.putThread(thread);
    for (const { session_id, session_thread_id, event } of load.events ?? [])
      this.#list(session_id, session_thread_id).put(event as JsonObject, this.#seq++);
  }

  putSession(session: { id: string }): void {
    this.#storeSession(session as JsonObject);
  }

  putThread(thread: { id: string; session_id: string }): void {
    const { threads } = this.session(thread.session_id);
    const known = threads.items.find(({ id }) => id === thread.id);
    if (known) threads.remove(known);
    threads.insert(objectEntry(thread as JsonObject, known?.seq ?? this.#seq++));
  }

  putAgent(agent: { id: string }): void {
    const before = this.#storeAgent(agent as JsonObject);
    this.#tell({ kind: "object", resource: "agent", before, after: agent as JsonObject });
  }

  putEnvironment = (data: { id: string }) => this.#put("environment", this.environments, data);
  putDeployment = (data: { id: string }) => this.#put("deployment", this.deployments, data);
  putRun = (data: { id: string }) => this.#put("deployment_run", this.runs, data);
  putVault = (data: { id: string }) => this.#put("vault", this.vaults, data);
  putMemoryStore = (data: { id: string }) => this.#put("memory_store", this.memoryStores, data);

  putWorkStats(environmentId: string, stats: JsonObject): void {
    this.workStats.set(environmentId, stats);
  }

  /**
   * Adds an event, or replaces the one with its id: a queued input gets its time later. A new
   * lifecycle event of the session's own list moves the session at once, whatever its time.
   */
  appendEvent(sessionId: string, threadId: string | null, event: object): void {
    const session = this.session(sessionId);
    const data = event as JsonObject;
    const primaryId = primaryOf(session);
    const isOwn = threadId === null || threadId === primaryId;
    const isNew = this.#list(sessionId, threadId).put(data, this.#seq++);
    const isArchived = textOf(session.data.archived_at) !== null;
    if (isOwn && isNew && this.appliesEvents && !isArchived) this.#apply(session, data);
    const about = textOf(data.session_thread_id);
    this.#tell({
      kind: "event",
      sessionId,
      threadId: isOwn ? null : threadId,
      event: data,
      isNew,
      isArchived,
      isChild: about !== null && primaryId !== null && about !== primaryId,
      primaryId,
      budget: budgetOf(session.data),
    });
  }

  archive(sessionId: string): void {
    const at = this.now();
    const type = "session.status_terminated";
    this.appendEvent(sessionId, null, { id: this.newId("sevt"), type, processed_at: at });
    const { data } = this.session(sessionId);
    this.#storeSession({ ...data, status: "terminated", archived_at: at, updated_at: at });
  }

  deleteSession(sessionId: string): void {
    const session = this.session(sessionId);
    const event = { id: this.newId("sevt"), type: "session.deleted", processed_at: this.now() };
    this.sessions.delete(sessionId);
    this.sessionList.remove(session);
    this.deletedSessions.push(sessionId);
    this.#tell({ kind: "deleted", sessionId, event });
  }

  session(id: string): SessionEntry {
    const session = this.sessions.get(id);
    if (!session) throw new Error(`The platform has no session ${id}.`);
    return session;
  }

  now(): string {
    return isoFromMicros(this.nowUs());
  }

  newId(prefix: string): string {
    return `${prefix}_platform${String(++this.#ids).padStart(8, "0")}`;
  }

  snapshot(): Snapshot {
    const sessions = this.sessionList.items;
    return {
      agents: [...this.agentVersions.values()].flatMap(({ items }) => items.map((v) => v.data)),
      environments: this.environments.all(),
      deployments: this.deployments.all(),
      runs: this.runs.all(),
      vaults: this.vaults.all(),
      memoryStores: this.memoryStores.all(),
      sessions: sessions.map(({ data }) => data),
      threads: sessions.flatMap(({ threads }) => threads.items.map(({ data }) => data)),
      events: sessions.flatMap(({ id, lists }) =>
        [...lists].flatMap(([thread, list]) =>
          list.entries.items.map(({ json }) => ({
            session_id: id,
            session_thread_id: thread === "" ? null : thread,
            event: JSON.parse(json) as JsonObject,
          })),
        ),
      ),
      deletedSessions: [...this.deletedSessions],
    };
  }

  #put(resource: Resource, table: ObjectTable, object: { id: string }): void {
    const before = table.put(object as JsonObject, this.#seq++);
    this.#tell({ kind: "object", resource, before, after: object as JsonObject });
  }

  #storeAgent(agent: JsonObject): JsonObject | null {
    const entry = objectEntry(agent, this.#seq++);
    const version = Number(agent.version);
    const versions = this.agentVersions.get(entry.id) ?? new Sorted<ObjectEntry>();
    this.agentVersions.set(entry.id, versions);
    const newest = versions.items.at(-1);
    const known = versions.items.find(({ sortUs }) => sortUs === version);
    if (known) versions.remove(known);
    versions.insert({ ...entry, sortUs: version, seq: 0 });
    if (!newest || newest.sortUs <= version) this.agents.put(agent, this.#seq++);
    return newest?.data ?? null;
  }

  #storeSession(data: JsonObject): void {
    const entry = objectEntry(data, this.#seq++);
    const known = this.sessions.get(entry.id);
    const settled = isActive(data) ? (known?.settledUsage ?? null) : objectOf(data.usage);
    if (!known) {
      const lists = new Map([["", new EventList()]]);
      const threads = new Sorted<ObjectEntry>();
      const added = { ...entry, threads, lists, settledUsage: settled, before: null };
      this.sessions.set(entry.id, added);
      this.sessionList.insert(added);
      return;
    }
    if (this.statusLagMs > 0 && known.data.status !== data.status)
      known.before = {
        data: known.data,
        json: known.json,
        untilMs: Date.now() + this.statusLagMs,
      };
    Object.assign(known, { data, json: entry.json, settledUsage: settled });
  }

  #apply(session: SessionEntry, event: JsonObject): void {
    const after = sessionAfter(session.data, event);
    if (after) this.#storeSession(after);
    const about = session.threads.items.find(({ id }) => id === event.session_thread_id);
    const thread = about && threadAfter(about.data, event);
    if (about && thread) {
      session.threads.remove(about);
      session.threads.insert(objectEntry(thread, about.seq));
    }
  }

  #list(sessionId: string, threadId: string | null): EventList {
    const session = this.session(sessionId);
    const key = threadId === null || threadId === primaryOf(session) ? "" : threadId;
    const list = session.lists.get(key) ?? new EventList();
    session.lists.set(key, list);
    return list;
  }

  #tell(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }
}

export function primaryOf(session: SessionEntry): string | null {
  const primary = session.threads.items.find(({ data }) => data.parent_thread_id === null);
  return primary?.id ?? null;
}
