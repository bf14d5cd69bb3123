"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { errorWords } from "@/components/shell/panel";
import { useTrace } from "@/components/trace/trace-context";
import { sessionFind } from "@/lib/sessions/queries";

export type Wanted = "error" | "costly" | "text";

const NOUNS: Record<Wanted, string> = {
  error: "error",
  costly: "costly step",
  text: "match",
};

/** Goes to the next of something in the whole session, not only in what is loaded, and says when there is none. */
export function useFind(): {
  find: (what: Wanted, direction: "next" | "prev", q?: string) => Promise<void>;
  said: string;
} {
  const { session, state, select } = useTrace();
  const client = useQueryClient();
  const [said, setSaid] = useState("");
  const { eventId, thread } = state;
  const find = useCallback(
    async (what: Wanted, direction: "next" | "prev", q?: string) => {
      const query = {
        what,
        direction,
        ...(q ? { q } : {}),
        ...(thread === "all" ? {} : { thread }),
      };
      const ask = (after: string | null) =>
        client.fetchQuery(sessionFind(session, { ...query, ...(after ? { after } : {}) }));
      try {
        const here = await ask(eventId);
        // From the last on it starts over, once round.
        const found = here ?? (eventId === null ? null : await ask(null));
        if (!found) setSaid(`No ${NOUNS[what]} in this session`);
        else {
          const start = here ? "" : "From the other end, ";
          setSaid(`${start}${NOUNS[what]}: ${found.label || found.event_id}`);
          select(found.event_id, { reveal: "center" });
        }
      } catch (error) {
        setSaid(`The search failed: ${errorWords(error)}`);
      }
    },
    [client, session, eventId, thread, select],
  );
  return { find, said };
}
