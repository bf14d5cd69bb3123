"use client";
import { createContext, type ReactNode, useContext, useEffect, useSyncExternalStore } from "react";
import { rememberCookie } from "@/components/shell/cookie";

type Display = { serverTz: string; serverNowMs: number };
const DisplayContext = createContext<Display>({ serverTz: "UTC", serverNowMs: 0 });

type DisplayProps = { tz: string | null; nowMs: number; children: ReactNode };

/** What the server rendered with: the reader's time zone (from a cookie of an earlier visit) and its clock. */
export function DisplayProvider({ tz, nowMs, children }: DisplayProps) {
  useEffect(() => {
    const browserTz = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (browserTz !== tz) rememberCookie("wk_tz", browserTz);
  }, [tz]);
  return (
    <DisplayContext value={{ serverTz: tz ?? "UTC", serverNowMs: nowMs }}>
      {children}
    </DisplayContext>
  );
}

const never = () => () => {};

let known: string | undefined;
/** Asked once: the answer costs a tenth of a millisecond, and every instant on a page asks for it. */
const browserTimeZone = () => (known ??= Intl.DateTimeFormat().resolvedOptions().timeZone);

/** The reader's own time zone. On the server and while hydrating, the one remembered from before. */
export function useBrowserTimeZone(): string {
  const { serverTz } = useContext(DisplayContext);
  return useSyncExternalStore(never, browserTimeZone, () => serverTz);
}

/** The clock, as milliseconds, moving in steps of `everyMs`. Starts with the server's, so both render alike. */
export function useNow(everyMs = 1000): number {
  const { serverNowMs } = useContext(DisplayContext);
  return useSyncExternalStore(
    (changed) => {
      const timer = setInterval(changed, everyMs);
      return () => clearInterval(timer);
    },
    () => Math.floor(Date.now() / everyMs) * everyMs,
    () => serverNowMs,
  );
}
