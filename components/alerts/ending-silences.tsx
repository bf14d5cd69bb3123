"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import Link from "next/link";
import { matcherWords } from "@/components/notify/matcher-editor";
import { useRuleName } from "@/components/notify/use-rule-name";
import { useLiveInterval } from "@/components/shell/live";
import { useHref } from "@/components/shell/scope";
import { Ago } from "@/components/shell/time";
import { buttonClass } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { silencesList } from "@/lib/notify/queries";

const LIVE_MS = 30_000;

/** Silences that end in a quarter of an hour: what they hide is told of then. */
export function EndingSilences() {
  const href = useHref();
  const nameOf = useRuleName();
  const query = useInfiniteQuery({
    ...silencesList("active"),
    refetchInterval: useLiveInterval(LIVE_MS),
  });
  const ending = (query.data?.pages ?? [])
    .flatMap(({ data }) => data)
    .filter(({ ends_soon, matching }) => ends_soon && matching > 0);
  return ending.map(({ id, matchers, ends_at }) => (
    <Notice
      key={id}
      tone="wait"
      action={
        <Link
          href={href("/alerts/silences", { silence: id })}
          className={buttonClass("default", "sm")}
        >
          Change it
        </Link>
      }
    >
      The silence of {matcherWords(matchers, nameOf)} ends <Ago at={ends_at} />.
    </Notice>
  ));
}
