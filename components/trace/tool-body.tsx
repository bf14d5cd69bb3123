"use client";
import { ContentView } from "@/components/trace/content-view";
import { JsonView } from "@/components/trace/json-view";
import { RowText } from "@/components/trace/row-frame";
import { useTrace } from "@/components/trace/trace-context";
import { Button } from "@/components/ui/button";
import type { ToolRow } from "@/lib/sessions/transcript-rows";

/** A call unfolded: its input and its result. */
export function ToolBody({ row }: { row: ToolRow }) {
  return (
    <RowText wide className="mt-1 flex flex-col gap-1 pl-5">
      {row.use ? (
        <section aria-label="Input">
          <h3 className="text-sm text-ink-3">Input</h3>
          <JsonView value={row.use.event.input ?? null} />
        </section>
      ) : null}
      <section aria-label="Result">
        <h3 className="text-sm text-ink-3">Result</h3>
        {row.result ? (
          <ContentView content={row.result.event.content} reading="output" limit={4000} />
        ) : (
          <MissingResult row={row} />
        )}
      </section>
    </RowText>
  );
}

function MissingResult({ row }: { row: ToolRow }) {
  const { select } = useTrace();
  if (row.resultElsewhere === null) return <p className="text-ink-2">None came.</p>;
  const eventId = row.resultElsewhere;
  return (
    <Button size="sm" onClick={() => select(eventId, { reveal: "center" })}>
      Go to the result
    </Button>
  );
}
