"use client";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { DisplayProvider } from "@/components/shell/display";
import { LiveProvider } from "@/components/shell/live";
import { type Viewer, ViewerProvider } from "@/components/shell/viewer";
import { TipProvider } from "@/components/ui/tooltip";

// Dialogs lock the page's scrolling with a style element of their own, which the content policy
// allows with the page's nonce only; the library that makes it looks for the nonce under this name.
if (typeof document !== "undefined") {
  const nonce = document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce;
  if (nonce) Object.assign(globalThis, { __webpack_nonce__: nonce });
}

const STALE_MS = 10_000;

function newClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: STALE_MS,
        refetchOnWindowFocus: true,
        retry: (failures, error) => failures < 2 && !isAnswer(error),
      },
    },
  });
}

/** An answer that will be the same when asked again: everything from 400 to 499 except "too many requests". */
function isAnswer(error: Error): boolean {
  const status = "status" in error && typeof error.status === "number" ? error.status : 0;
  return status >= 400 && status < 500 && status !== 429;
}

export function Providers({
  tz,
  nowMs,
  viewer,
  children,
}: {
  tz: string | null;
  nowMs: number;
  viewer: Viewer;
  children: ReactNode;
}) {
  const [client] = useState(newClient);
  return (
    <QueryClientProvider client={client}>
      <DisplayProvider tz={tz} nowMs={nowMs}>
        <ViewerProvider viewer={viewer}>
          <LiveProvider>
            <TipProvider>{children}</TipProvider>
          </LiveProvider>
        </ViewerProvider>
      </DisplayProvider>
    </QueryClientProvider>
  );
}
