"use client";
import { errorWords } from "@/components/shell/panel";
import { Button } from "@/components/ui/button";

/** What the button needs of an infinite query. */
export type MorePages = {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  isFetchNextPageError: boolean;
  error: Error | null;
  fetchNextPage: () => unknown;
};

/** The way to the older part of a list. */
export function MoreButton({ pages }: { pages: MorePages }) {
  if (!pages.hasNextPage) return null;
  return (
    <div className="flex flex-wrap items-center gap-3 p-3">
      <Button size="sm" disabled={pages.isFetchingNextPage} onClick={() => pages.fetchNextPage()}>
        {pages.isFetchingNextPage ? "Loading…" : "Show older"}
      </Button>
      {pages.isFetchNextPageError ? (
        <span role="alert" className="text-fail">
          {errorWords(pages.error)}
        </span>
      ) : null}
    </div>
  );
}
