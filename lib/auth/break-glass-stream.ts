import { readOpenOf } from "./break-glass-store";
import type { Caller } from "./schema";

/** So long, in ms, a stream may go on after a break-glass was closed before its time. */
const CHECK_MS = 1_000;

/**
 * An answer that is written bit by bit, ended when the caller's break-glass is over. A file breaks off, so
 * that it does not look complete; a stream of hints just ends, and is opened again by its reader.
 */
export function whileOpen(response: Response, caller: Caller | null): Response {
  const open = caller?.breakGlass?.open;
  const personId = caller?.person?.id;
  if (!caller || !open || personId === undefined || !response.body) return response;
  const { workspace } = caller;
  const isOver = async (now: Date) =>
    (await readOpenOf({ workspace, personId, now }))?.id !== open.id;
  const isFile = !response.headers.get("content-type")?.startsWith("text/event-stream");
  const body = cutWhen(response.body, { isOver, isFile, untilMs: Date.parse(open.until) });
  return new Response(body, { status: response.status, headers: response.headers });
}

type Cut = { isOver(now: Date): Promise<boolean>; isFile: boolean; untilMs: number };

function cutWhen(source: ReadableStream<Uint8Array>, { isOver, isFile, untilMs }: Cut) {
  const reader = source.getReader();
  let timer: NodeJS.Timeout | undefined;
  let isEnded = false;
  let checkedMs = Date.now();
  const stop = () => {
    isEnded = true;
    clearTimeout(timer);
    return reader.cancel().catch(() => {});
  };
  const cut = (controller: ReadableStreamDefaultController) => {
    if (isEnded) return;
    if (isFile) controller.error(new Error("What sessions said is hidden again."));
    else controller.close();
    return stop();
  };
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        timer = setTimeout(() => cut(controller), Math.max(0, untilMs - Date.now()));
      },
      async pull(controller) {
        const { done, value } = await reader.read();
        const nowMs = Date.now();
        if (nowMs - checkedMs >= CHECK_MS) {
          checkedMs = nowMs;
          if (await isOver(new Date(nowMs))) return cut(controller);
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
