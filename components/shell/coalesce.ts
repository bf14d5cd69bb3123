export type Coalesced = {
  /** Has the work done in `afterMs` at the latest, unless it is to rest for longer. */
  ask(afterMs?: number): void;
  stop(): void;
};

/** Work that is asked for often: done once at a time, and then not again for `restMs`. */
export function coalesce(work: () => Promise<unknown>, restMs: number): Coalesced {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let dueMs = Number.POSITIVE_INFINITY;
  let restsUntilMs = 0;
  let isBusy = false;
  let isOver = false;
  const arm = () => {
    clearTimeout(timer);
    if (isBusy || isOver || dueMs === Number.POSITIVE_INFINITY) return;
    timer = setTimeout(run, Math.max(dueMs, restsUntilMs) - performance.now());
  };
  const run = async () => {
    dueMs = Number.POSITIVE_INFINITY;
    isBusy = true;
    await work().catch(() => {});
    isBusy = false;
    restsUntilMs = performance.now() + restMs;
    arm();
  };
  return {
    ask(afterMs = 0) {
      dueMs = Math.min(dueMs, performance.now() + afterMs);
      arm();
    },
    stop() {
      isOver = true;
      clearTimeout(timer);
    },
  };
}
