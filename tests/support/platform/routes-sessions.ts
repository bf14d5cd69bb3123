import { objectOf, type SessionEntry, textOf } from "./entries";
import { invalid, notFound } from "./errors";
import type { Platform } from "./platform";
import { CREATED } from "./query";
import { sessionNow, showSession, showThread } from "./render";
import { type Call, get, type Route } from "./routes";
import type { JsonObject } from "./shapes";

const STATUSES = ["running", "idle", "rescheduling", "terminated"] as const;

export const sessionRoutes: Route[] = [
  get("/v1/sessions", listSessions),
  get("/v1/sessions/{id}", ({ platform, ids, query }) => {
    query.only();
    return showSession(sessionOf(platform, ids[0]), platform.behaviour);
  }),
  get("/v1/sessions/{id}/threads", listThreads),
  get("/v1/sessions/{id}/threads/{tid}", ({ platform, ids, query }) => {
    query.only();
    const thread = threadOf(sessionOf(platform, ids[0]), ids[1]);
    return showThread(thread, platform.behaviour);
  }),
  get("/v1/sessions/{id}/resources", ({ platform, ids, query }) => {
    query.only("limit", "page");
    const { data } = sessionOf(platform, ids[0]);
    return JSON.stringify({ data: data.resources ?? [], next_page: null });
  }),
];

function listSessions({ platform, query }: Call): string {
  query.only(
    ...["agent_id", "agent_version", "deployment_id", "memory_store_id", "statuses[]"],
    ...["include_archived", "order", "limit", "page", ...CREATED],
  );
  const { behaviour } = platform;
  const version = query.integer("agent_version");
  const [agent, deployment] = [query.text("agent_id"), query.text("deployment_id")];
  if (version !== null && agent === null) throw invalid("agent_version: needs agent_id");
  const store = query.text("memory_store_id");
  const statuses = query.all("statuses", STATUSES);
  const withArchived = query.flag("include_archived") ?? false;
  const bounds = query.bounds();
  return platform.lists.answer({
    list: "sessions",
    kind: "sessions",
    entries: platform.sessionList,
    order: query.one("order", ["asc", "desc"]) ?? "desc",
    query,
    bounds: bounds.text,
    isBidirectional: true,
    accepts: (session) => {
      const { data } = session;
      const snapshot = objectOf(data.agent);
      return (
        bounds.includes(session.sortUs) &&
        (withArchived || !data.archived_at) &&
        (agent === null || snapshot.id === agent) &&
        (version === null || snapshot.version === version) &&
        (deployment === null || data.deployment_id === deployment) &&
        (store === null || usesStore(data, store)) &&
        (statuses.length === 0 ||
          statuses.includes(textOf(sessionNow(session, behaviour).status) ?? ""))
      );
    },
    show: (session) => showSession(session, behaviour),
  });
}

function usesStore({ resources }: JsonObject, store: string): boolean {
  return Array.isArray(resources) && resources.some((r) => objectOf(r).memory_store_id === store);
}

function listThreads({ platform, ids, query }: Call): string {
  query.only("statuses[]", "limit", "page");
  const session = sessionOf(platform, ids[0]);
  const statuses = query.all("statuses", STATUSES);
  return platform.lists.answer({
    list: `threads ${session.id}`,
    kind: "threads",
    entries: session.threads,
    order: "asc",
    query,
    accepts: ({ data }) => statuses.length === 0 || statuses.includes(textOf(data.status) ?? ""),
    show: (thread) => showThread(thread, platform.behaviour),
  });
}

export function sessionOf(platform: Platform, id: string | undefined): SessionEntry {
  const session = platform.sessions.get(id ?? "");
  if (!session) throw notFound(`Session ${id}`);
  return session;
}

export function threadOf(session: SessionEntry, id: string | undefined) {
  const thread = session.threads.items.find((known) => known.id === id);
  if (!thread) throw notFound(`Thread ${id}`);
  return thread;
}
