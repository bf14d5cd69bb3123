"use client";
import { useQuery } from "@tanstack/react-query";
import { LabelList } from "@/components/alerts/label-list";
import { useSettled } from "@/components/alerts/use-settled";
import { errorWords } from "@/components/shell/panel";
import { formatPlural, plain } from "@/lib/format";
import { silencePreview } from "@/lib/notify/queries";
import type { Matcher } from "@/lib/notify/schema";

const TYPING_MS = 300;

/** What the matchers fit now and would have hidden, as they are typed. */
export function SilencePreviewBox({ matchers }: { matchers: readonly Matcher[] }) {
  const json = useSettled(JSON.stringify(matchers), TYPING_MS);
  const isWhole = matchers.length > 0 && matchers.every(({ name }) => name.trim() !== "");
  const { data, error } = useQuery({ ...silencePreview(json), enabled: isWhole });
  if (!isWhole) return null;
  if (error) return <p className="text-sm text-fail">{errorWords(error)}</p>;
  if (!data) return <p className="text-sm text-ink-3">Looking what that hides…</p>;
  return (
    <div aria-live="polite" className="flex flex-col gap-1 rounded-md bg-sunken px-3 py-2">
      <p>
        Hides {formatPlural(data.matching, "alert")} that {data.matching === 1 ? "fires" : "fire"}{" "}
        now, and would have hidden {formatPlural(data.would_have_hidden, "alert")} in the last 7
        days.
      </p>
      <ul>
        {data.alerts.slice(0, 5).map(({ episode_id, rule, labels }) => (
          <li key={episode_id} className="flex flex-wrap items-center gap-x-2">
            {plain(rule.name)} <LabelList labels={labels} />
          </li>
        ))}
      </ul>
    </div>
  );
}
