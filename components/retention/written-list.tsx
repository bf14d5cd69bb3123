import Link from "next/link";
import { useHref } from "@/components/shell/scope";
import type { ErasureReport } from "@/lib/retention/erasure-schema";

type Written = ErasureReport["written"][number];

/** Where it stands, and what it is called. */
const PLACES: Record<Written["what"], (id: string) => [what: string, path: string]> = {
  rule: (id) => ["Rule", `/alerts/rules/${encodeURIComponent(id)}`],
  route: () => ["Route", "/alerts/channels"],
  channel: () => ["Channel", "/alerts/channels"],
  mute_timing: () => ["Mute timing", "/alerts/channels"],
  silence: () => ["Silence", "/alerts/silences"],
  budget: () => ["Budget", "/costs"],
  view: () => ["Saved view", "/sessions"],
  prices: () => ["Prices, version", "/settings/prices"],
  setting: () => ["Setting", "/settings"],
  break_glass: () => ["Break-glass", "/settings/people"],
  audit: () => ["Audit entry", "/settings/audit"],
};

const NOW: Record<Written["now"], string> = {
  changed: "now asks for nobody",
  removed: "removed",
  left: "still named there: look at it",
};

/** What people wrote themselves and named somebody in who was erased. */
export function WrittenList({ written }: { written: readonly Written[] }) {
  const href = useHref();
  if (written.length === 0) return null;
  return (
    <section aria-label="Written by people" className="md:col-span-2">
      <h3 className="text-ink-3">Written by people, and named somebody in it</h3>
      <ul>
        {written.map(({ what, id, now }) => {
          const [words, path] = PLACES[what](id);
          const more = { entry: what === "audit" ? id : null };
          return (
            <li key={`${what} ${id}`} className="wrap-anywhere">
              {now === "removed" ? (
                `${words} ${id}`
              ) : (
                <Link
                  href={href(path, more)}
                  className="underline decoration-line-strong underline-offset-2 hover:decoration-current"
                >
                  {words} {id}
                </Link>
              )}
              <span className="text-ink-3"> · {NOW[now]}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
