"use client";
import { useRouter } from "next/navigation";
import { useCallback, useMemo, useRef, useState } from "react";
import { apiParams, listKey, listParams } from "@/components/sessions/filter";
import { useListKeys } from "@/components/sessions/use-list-keys";
import { useSessions } from "@/components/sessions/use-sessions";
import { useHref, useScope, useUrlState } from "@/components/shell/scope";
import type { SessionItem } from "@/lib/sessions/schema";
import { resolveRange } from "@/lib/time/range";

/** Everything the sessions page knows and can do, from the URL, the list and the keyboard. */
export function useListState() {
  const { params, set } = useUrlState();
  const { scope } = useScope();
  const router = useRouter();
  const searchRef = useRef<HTMLInputElement>(null);
  const [visible, setVisible] = useState(0);
  const hrefOf = useSessionHref();

  const key = listKey(new URLSearchParams(params));
  const apiQuery = useCallback(() => {
    const span = resolveRange(scope.range, Date.now());
    return apiParams(listParams(new URLSearchParams(key)), span, scope.range.kind === "preset");
  }, [key, scope.range]);
  const sessions = useSessions(key, apiQuery, visible);
  const { rows } = sessions;
  const selection = useSelection(rows);

  useListKeys({
    ...selection,
    count: rows.length,
    searchRef,
    open: (index) => {
      const row = rows[index];
      if (row) router.push(hrefOf(row));
    },
  });
  const showNew = () => {
    selection.setActive(-1);
    sessions.showNew();
  };
  return {
    params,
    set,
    key,
    apiQuery,
    searchRef,
    setVisible,
    hrefOf,
    sessions,
    showNew,
    ...selection,
  };
}

function useSessionHref() {
  const href = useHref();
  return useCallback(
    (session: SessionItem) =>
      href(`/sessions/${encodeURIComponent(session.id)}`, { connection: session.connection_id }),
    [href],
  );
}

/** A row in the URL: its id, and where that is needed its connection. */
function rowName({ id, connection_id }: SessionItem): string {
  return connection_id === null ? id : `${id} ${connection_id}`;
}

/** Which row the keyboard stands on, and which one is previewed: the latter is in the URL and follows the former. */
function useSelection(rows: readonly SessionItem[]) {
  const { params, set } = useUrlState();
  const [active, setActiveIndex] = useState(-1);
  const previewId = params.get("preview");
  const preview = useMemo(
    () => rows.find((row) => rowName(row) === previewId) ?? null,
    [rows, previewId],
  );
  const setActive = useCallback(
    (index: number) => {
      setActiveIndex(index);
      const row = rows[index];
      if (row && new URLSearchParams(window.location.search).has("preview"))
        set({ preview: rowName(row) }, { replace: true });
    },
    [rows, set],
  );
  const closePreview = () => set({ preview: null }, { replace: true });
  const togglePreview = () => {
    const row = rows[active];
    if (previewId !== null) closePreview();
    else if (row) set({ preview: rowName(row) }, { replace: true });
  };
  return { active, setActive, preview, closePreview, togglePreview };
}
