"use client";
import { usePathname, useSearchParams } from "next/navigation";
import { useCallback, useMemo } from "react";
import { useBrowserTimeZone } from "@/components/shell/display";
import { parseScope, SCOPE_PARAMS, type Scope, scopeParams } from "@/lib/time/range";

type Changes = Record<string, string | readonly string[] | null>;

/** `params` with `changes`: null and empty lists remove, lists repeat. */
export function withChanges(params: URLSearchParams, changes: Changes): URLSearchParams {
  const next = new URLSearchParams(params);
  for (const [name, value] of Object.entries(changes)) {
    next.delete(name);
    for (const item of value === null ? [] : typeof value === "string" ? [value] : value)
      next.append(name, item);
  }
  return next;
}

/**
 * The URL as state. `set` changes it without asking the server: pages read it and fetch what they need.
 * A choice makes a step in the history; with `replace` (typing, dragging) it does not.
 */
export function useUrlState() {
  const params = useSearchParams();
  const pathname = usePathname();
  const set = useCallback(
    (changes: Changes, options?: { replace?: boolean }) => {
      const query = withChanges(new URLSearchParams(window.location.search), changes).toString();
      const url = query ? `${pathname}?${query}` : pathname;
      if (options?.replace) window.history.replaceState(null, "", url);
      else window.history.pushState(null, "", url);
    },
    [pathname],
  );
  return { params, set };
}

/** Range, comparison and time zone of this page, and how to change them. */
export function useScope() {
  const { params, set } = useUrlState();
  const browserTz = useBrowserTimeZone();
  const text = params.toString();
  const scope = useMemo(() => {
    const read = new URLSearchParams(text);
    return parseScope((name) => read.get(name));
  }, [text]);
  // The rest is read from the URL of that moment: a choice may follow another before this renders again.
  const setScope = useCallback(
    (change: Partial<Scope>) => {
      const now = new URLSearchParams(window.location.search);
      set(scopeParams({ ...parseScope((name) => now.get(name)), ...change }));
    },
    [set],
  );
  return { scope, setScope, tz: scope.tz ?? browserTz };
}

/** Makes links that keep range, comparison and time zone: `href("/sessions", { outcome: "waiting" })`. */
export function useHref() {
  const params = useSearchParams();
  const text = params.toString();
  return useCallback(
    (path: string, changes: Changes = {}) => {
      const now = new URLSearchParams(text);
      const kept = new URLSearchParams();
      for (const name of SCOPE_PARAMS) {
        const value = now.get(name);
        if (value) kept.set(name, value);
      }
      const query = withChanges(kept, changes).toString();
      return query ? `${path}?${query}` : path;
    },
    [text],
  );
}
