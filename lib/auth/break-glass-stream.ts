import { listen } from "@/lib/db/listen";
import { CLOSED_CHANNEL, readOpenOf } from "./break-glass-store";
import type { Caller } from "./schema";

/** How often it is asked, in ms, whether a break-glass was closed before its time: where nothing can be heard. */
const CHECK_MS = 1_000;

/**
 * An answer that is written bit by bit, ended when the caller's break-glass is over: by the clock, and at
 * once when somebody closes it. A file breaks off, so that it does not look complete; a stream of hints
 * just ends, and is opened again by its reader.
 */
export function whileOpen(response: Response, caller: Caller | null): Response {
  const open = caller?.breakGlass?.open;
  const personId = caller?.person?.id;
  if (!caller || !open || personId === undefined || !response.body) return response;
  const { workspace } = caller;
  const isOver = async () =>
    (await readOpenOf({ workspace, personId, now: new Date() }))?.id !== open.id;
  const isFile = !response.headers.get("content-type")?.startsWith("text/event-stream");
  const { id, until } = open;
  const body = cutWhen(response.body, { id, isOver, isFile, untilMs: Date.parse(until) });
  return new Response(body, { status: response.status, headers: response.headers });
}

type Cut = { id: string; isOver(): Promise<boolean>; isFile: boolean; untilMs: number };

function cutWhen(source: ReadableStream<Uint8Array>, given: Cut) {
  const reader = source.getReader();
  let stopWatching = () => {};
  let isEnded = false;
  let checkedMs = performance.now();
  const stop = () => {
    isEnded = true;
    stopWatching();
    return reader.cancel().catch(() => {});
  };
  const cut = (controller: ReadableStreamDefaultController) => {
    if (isEnded) return;
    if (given.isFile) controller.error(new Error("What sessions said is hidden again."));
    else controller.close();
    return stop();
  };
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        stopWatching = watchEnd(given, () => void cut(controller));
      },
      async pull(controller) {
        const { done, value } = await reader.read();
        // One that is read without a pause leaves no time for what watches.
        if (performance.now() - checkedMs >= CHECK_MS) {
          checkedMs = performance.now();
          if (await given.isOver()) return cut(controller);
        }
        if (isEnded) return;
        if (!done) return controller.enqueue(value);
        controller.close();
        return stop();
      },
      cancel: stop,
    },
    { highWaterMark: 0 },
  );
}

/** Calls `end` when it is over, also where nothing is read meanwhile. Returns what stops that. */
function watchEnd({ id, isOver, untilMs }: Cut, end: () => void): () => void {
  const ask = () => {
    // A database that is away says nothing; the clock goes on.
    isOver().then(
      (over) => over && end(),
      () => {},
    );
  };
  const timer = setTimeout(end, Math.max(0, untilMs - Date.now()));
  const asking = setInterval(ask, CHECK_MS);
  const stopListening = listen(CLOSED_CHANNEL, {
    onMessage: (closed) => closed === id && end(),
    onHearing: (hears) => hears && ask(),
  });
  return () => {
    clearTimeout(timer);
    clearInterval(asking);
    stopListening();
  };
}
