"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { browserName } from "@/components/people/words";
import { errorWords } from "@/components/shell/panel";
import { Ago, Time } from "@/components/shell/time";
import { Button } from "@/components/ui/button";
import { CELL, Head, WIDE } from "@/components/ui/cells";
import { cx } from "@/components/ui/cx";
import { Tag } from "@/components/ui/tag";
import type { BrowserItem } from "@/lib/auth/people-schema";
import { endBrowser } from "@/lib/auth/queries";

/** Where somebody is signed in, and the way out of each. */
export function BrowsersTable({ browsers }: { browsers: readonly BrowserItem[] }) {
  const client = useQueryClient();
  const end = useMutation({
    mutationFn: endBrowser,
    onSettled: () => client.invalidateQueries({ queryKey: ["auth"] }),
  });
  return (
    <>
      {end.error ? (
        <p role="alert" className="px-3 pb-2 text-fail">
          {errorWords(end.error)}
        </p>
      ) : null}
      <table aria-label="Browsers" className="w-full border-t">
        <thead>
          <tr>
            <Head>Browser</Head>
            <Head>Last seen</Head>
            <Head wide>Signed in</Head>
            <Head wide>From</Head>
            <th scope="col" className="h-8 border-b px-3">
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {browsers.map(({ id, current, user_agent, address, signed_in_at, last_seen_at }) => (
            <tr key={id} className="group/row hover:bg-hover">
              <th scope="row" className={cx(CELL, "w-full text-left font-normal")}>
                <span title={user_agent ?? undefined}>{browserName(user_agent)}</span>{" "}
                {current ? <Tag tone="ok">this one</Tag> : null}
              </th>
              <td className={cx(CELL, "whitespace-nowrap text-ink-2")}>
                <Ago at={last_seen_at} />
              </td>
              <td className={cx(CELL, WIDE, "whitespace-nowrap text-ink-2")}>
                <Time at={signed_in_at} />
              </td>
              <td className={cx(CELL, WIDE, "whitespace-nowrap text-ink-2")}>{address ?? "–"}</td>
              <td className={cx(CELL, "text-right whitespace-nowrap")}>
                {current ? null : (
                  <Button size="sm" disabled={end.isPending} onClick={() => end.mutate(id)}>
                    Sign out<span className="sr-only"> {browserName(user_agent)}</span>
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
