"use client";
import { useMutation } from "@tanstack/react-query";
import { sightWords } from "@/components/connections/words";
import { errorWords, Panel } from "@/components/shell/panel";
import { Ago } from "@/components/shell/time";
import { Button } from "@/components/ui/button";
import { Mark } from "@/components/ui/mark";
import { testStoredConnection } from "@/lib/anthropic/queries";
import type { ConnectionTestAnswer } from "@/lib/anthropic/schema";
import type { ConnectionItem } from "@/lib/connections/schema";

/** What the key sees at this moment, or why it sees nothing. */
export function TestPanel({ item }: { item: ConnectionItem }) {
  const test = useMutation({ mutationFn: () => testStoredConnection(item.id) });
  return (
    <Panel title="Test" hint="what the key sees at this moment; three reads">
      <div className="flex flex-col items-start">
        <Button disabled={test.isPending} onClick={() => test.mutate()}>
          {test.isPending ? "Asking…" : "Test connection"}
        </Button>
        <div role="status" className="flex flex-col gap-1 not-empty:mt-3">
          {test.data ? <Answer answer={test.data} /> : null}
        </div>
        {test.error ? (
          <p role="alert" className="mt-3 text-fail">
            {errorWords(test.error)}
          </p>
        ) : null}
      </div>
    </Panel>
  );
}

function Answer({ answer }: { answer: ConnectionTestAnswer }) {
  if (!answer.ok)
    return (
      <>
        <Mark shape="cross" tone="fail" word="It does not work" />
        <p>{answer.message}</p>
      </>
    );
  return (
    <>
      <Mark shape="check" tone="ok" word="It works" />
      <p>{sightWords(answer)}</p>
      {answer.newest_session_at ? (
        <p className="text-ink-2">
          The newest session was made <Ago at={answer.newest_session_at} />.
        </p>
      ) : null}
      {answer.missing.map((text) => (
        <p key={text} className="text-wait">
          {text}
        </p>
      ))}
    </>
  );
}
