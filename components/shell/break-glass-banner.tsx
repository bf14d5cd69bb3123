"use client";
import { useMutation } from "@tanstack/react-query";
import { useEffect } from "react";
import { useNow } from "@/components/shell/display";
import { errorWords } from "@/components/shell/panel";
import { Time } from "@/components/shell/time";
import { useViewer } from "@/components/shell/viewer";
import { Button } from "@/components/ui/button";
import { Tag } from "@/components/ui/tag";
import { closeContent } from "@/lib/auth/queries";
import type { OpenBreakGlass } from "@/lib/auth/schema";
import { formatDuration } from "@/lib/format";

/** Nothing of what was shown stays in this tab: the page comes again as the role sees it. */
const startOver = () => window.location.reload();

/** Says on every page that content is open, for how long still and why, and closes it. */
export function BreakGlassBanner() {
  const open = useViewer().breakGlass?.open ?? null;
  return open ? <Open key={open.id} {...open} /> : null;
}

function Open({ reason, until }: OpenBreakGlass) {
  const close = useMutation({ mutationFn: closeContent, onSuccess: startOver });
  useEffect(() => {
    const timer = setTimeout(startOver, Math.max(0, Date.parse(until) - Date.now()) + 500);
    return () => clearTimeout(timer);
  }, [until]);
  return (
    <div className="shell-banner flex items-center gap-3 border-b bg-wait-soft px-3 lg:px-4">
      <span className="inline-flex max-sm:hidden">
        <Tag tone="wait">open</Tag>
      </span>
      <p role="status" className="min-w-0 flex-1 truncate text-ink" title={reason}>
        {close.error ? (
          errorWords(close.error)
        ) : (
          <>
            Content is open
            <span className="max-sm:sr-only">
              {" "}
              until <Time at={until} style="minute" />
              <span className="text-ink-2"> · {reason}</span>
            </span>
          </>
        )}
      </p>
      <Left until={until} />
      <Button size="sm" disabled={close.isPending} onClick={() => close.mutate()}>
        Close now
      </Button>
    </div>
  );
}

/** Beside the status, not in it: it would be read out with every second. */
function Left({ until }: { until: string }) {
  const left = Math.max(0, Date.parse(until) - useNow(1000));
  return (
    <span className="whitespace-nowrap text-ink-2 tabular-nums">
      {formatDuration(Math.ceil(left / 1000) * 1000)} left
    </span>
  );
}
