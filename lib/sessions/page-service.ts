import { QueryClient } from "@tanstack/react-query";
import { cache } from "react";
import { withoutContent } from "@/lib/http/content";
import { AppError } from "@/lib/http/errors";
import { readEvents } from "./events-store";
import type { Named } from "./named";
import { choiceParams, type EventsChoice, eventsAround, eventsFromStart } from "./page-queries";
import { EVENTS_PAGE, FIRST_SPANS, MOST_IN_PAGE, TIMELINE_AT_ONCE } from "./page-sizes";
import { sessionDetail, sessionTrace } from "./queries";
import { EventsQuery, TraceQuery } from "./query-schema";
import { SessionDetail } from "./schema";
import { readSession } from "./store";
import { readTrace } from "./trace-store";

/** A session, or null where this workspace has none of that name. Read once for a page and its title. */
export function findSession(workspace: string, { id, connection }: Named) {
  return findOnce(workspace, id, connection);
}

const findOnce = cache(async (workspace: string, id: string, connection: string | undefined) => {
  try {
    return await readSession(workspace, { id, connection });
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") return null;
    throw error;
  }
});

/** What the page of a session cannot begin without, for who may see figures alone. */
function figuresOf({ named, item }: { named: Named; item: SessionDetail }): QueryClient {
  const client = new QueryClient();
  const shown = withoutContent(SessionDetail, item) as SessionDetail;
  client.setQueryData(sessionDetail(named).queryKey, shown);
  return client;
}

/**
 * What the session page shows first, as its queries will ask for it: the session, its first spans,
 * and the events around the linked one, else from the start. Of what was said, nothing to who may not
 * read it.
 */
export async function prefetchSession(
  workspace: string,
  shown: {
    named: Named;
    item: SessionDetail;
    choice: EventsChoice;
    eventId: string | null;
    mayRead: boolean;
  },
): Promise<QueryClient> {
  if (!shown.mayRead) return figuresOf(shown);
  const client = new QueryClient();
  const { named, item, choice, eventId } = shown;
  const events = {
    ...choiceParams(choice),
    limit: EVENTS_PAGE,
    ...(eventId === null ? {} : { around: eventId }),
  };
  const options =
    eventId === null ? eventsFromStart(named, choice) : eventsAround(named, choice, eventId);
  client.setQueryData(sessionDetail(named).queryKey, item);
  // The states of a very long session alone are hundreds of kilobytes: the text comes first.
  const withTimeline = item.events <= TIMELINE_AT_ONCE;
  await Promise.all([
    withTimeline &&
      client.prefetchInfiniteQuery({
        ...sessionTrace(named, { limit: FIRST_SPANS }),
        queryFn: () => readTrace(workspace, named, TraceQuery.parse({ limit: FIRST_SPANS })),
      }),
    client.prefetchInfiniteQuery({
      ...options,
      queryFn: () => readEvents(workspace, named, EventsQuery.parse(events)),
    }),
  ]);
  // Results of a hundred kilobytes each do not belong into the page itself: the browser asks for them.
  const { queryKey } = options;
  if (JSON.stringify(client.getQueryData(queryKey) ?? null).length > MOST_IN_PAGE)
    client.removeQueries({ queryKey, exact: true });
  return client;
}
