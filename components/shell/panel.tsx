"use client";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { cx } from "@/components/ui/cx";
import { Empty } from "@/components/ui/empty";
import { Skeleton } from "@/components/ui/skeleton";

type PanelProps = {
  title?: string;
  /** Unit, window or explanation, in small beside the title. */
  hint?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  className?: string;
  /** Leaves out the padding, for tables and lists. */
  flush?: boolean;
};

export function Panel({ title, hint, actions, children, className, flush }: PanelProps) {
  return (
    <section
      aria-label={title}
      className={cx("flex min-w-0 flex-col rounded-lg border bg-surface", className)}
    >
      {title || actions ? (
        <header className="flex min-h-10 flex-wrap items-center gap-x-2 px-3 py-2">
          {title ? <h2 className="text-base font-semibold">{title}</h2> : null}
          {hint ? <span className="text-sm text-ink-3">{hint}</span> : null}
          {actions ? <div className="ml-auto flex items-center gap-1">{actions}</div> : null}
        </header>
      ) : null}
      <div className={cx("min-w-0 flex-1", !flush && (title || actions ? "px-3 pb-3" : "p-3"))}>
        {children}
      </div>
    </section>
  );
}

/** What went wrong in words a reader can use, with the request's id when the server gave one. */
export function errorWords(error: unknown): string {
  if (!(error instanceof Error)) return "Something went wrong.";
  const id = "requestId" in error && typeof error.requestId === "string" ? error.requestId : null;
  return id ? `${error.message} (request ${id})` : error.message;
}

/** What failed, why, and the button that asks again. */
export function Failed({
  what,
  error,
  retry,
}: {
  what: string;
  error: unknown;
  retry?: () => void;
}) {
  return (
    <div
      role="alert"
      className="flex flex-col items-center justify-center gap-2 px-4 py-6 text-center"
    >
      <p className="font-medium text-fail">{what} could not be loaded</p>
      <p className="max-w-md wrap-anywhere text-ink-2">{errorWords(error)}</p>
      {retry ? <Button onClick={retry}>Try again</Button> : null}
    </div>
  );
}

type QueryLike<T> = {
  data: T | undefined;
  error: Error | null;
  isFetching: boolean;
  isPlaceholderData?: boolean;
  refetch: () => unknown;
};

type QueryStateProps<T> = {
  query: QueryLike<T>;
  /** What is loaded, as the subject of "… could not be loaded": "The charts". */
  what: string;
  /** Tailwind height that the loaded content will have, so that nothing moves. */
  height: string;
  /** Whether there is nothing to show, and what to say then. */
  empty?: { when: (data: T) => boolean; title: string; children?: ReactNode; action?: ReactNode };
  loading?: ReactNode;
  children: (data: T) => ReactNode;
};

/** Loading, failed, empty or there: the four states of anything that is fetched. Old data stays while new data comes. */
export function QueryState<T>({
  query,
  what,
  height,
  empty,
  loading,
  children,
}: QueryStateProps<T>) {
  const { data } = query;
  if (data === undefined && query.error)
    return (
      <div className={cx("flex items-center justify-center", height)}>
        <Failed what={what} error={query.error} retry={() => query.refetch()} />
      </div>
    );
  if (data === undefined)
    return (
      <div role="status" aria-label={`${what}: loading`} className={height}>
        {loading ?? <Skeleton className="h-full w-full" />}
      </div>
    );
  if (empty?.when(data))
    return (
      <div className={cx("flex items-center justify-center", height)}>
        <Empty title={empty.title} action={empty.action}>
          {empty.children}
        </Empty>
      </div>
    );
  return <div className={cx(query.isPlaceholderData && "opacity-60")}>{children(data)}</div>;
}
