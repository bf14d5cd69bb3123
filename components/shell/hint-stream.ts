import type { StateHint } from "@/lib/live/schema";

/** Between tries of a stream that was refused, in ms. */
const AGAIN_MS = { first: 5_000, most: 60_000 };

type Told = {
  /** Whether changes are told from now on; true also says that some may have been missed. */
  onLive(live: boolean): void;
  onChange(): void;
};

/**
 * Hears the hints of the server, while the page is visible: a browser has few connections to a place,
 * and nobody looks at a hidden page. Comes again by itself. Returns what ends it.
 */
export function openHints(path: string, { onLive, onChange }: Told): () => void {
  let source: EventSource | null = null;
  let again: ReturnType<typeof setTimeout> | undefined;
  let waitMs = AGAIN_MS.first;
  const close = () => {
    clearTimeout(again);
    source?.close();
    source = null;
    onLive(false);
  };
  const open = () => {
    const opened = new EventSource(path);
    source = opened;
    opened.addEventListener("state", ({ data }: MessageEvent<string>) => {
      waitMs = AGAIN_MS.first;
      onLive((JSON.parse(data) as StateHint).live);
    });
    opened.addEventListener("changed", onChange);
    opened.addEventListener("error", () => {
      onLive(false);
      // After a cut the browser comes again by itself; after an answer that is no stream it does not.
      if (opened.readyState !== EventSource.CLOSED) return;
      again = setTimeout(open, waitMs);
      waitMs = Math.min(AGAIN_MS.most, waitMs * 2);
    });
  };
  const follow = () => {
    close();
    if (document.visibilityState === "visible") open();
  };
  document.addEventListener("visibilitychange", follow);
  follow();
  return () => {
    document.removeEventListener("visibilitychange", follow);
    close();
  };
}
