"use client";
import { type FormEvent, useState } from "react";
import { useBrowserTimeZone, useNow } from "@/components/shell/display";
import { useScope } from "@/components/shell/scope";
import { Button } from "@/components/ui/button";
import { cx } from "@/components/ui/cx";
import { Field, Input, Select } from "@/components/ui/field";
import { COMPARISONS, PRESETS, resolveRange } from "@/lib/time/range";
import { instantOfWallClock, wallClock } from "@/lib/time/zone";

const DAY = 86_400_000;

function zones(current: string, own: string): string[] {
  return [...new Set([own, current, "UTC", ...Intl.supportedValuesOf("timeZone")])];
}

export function RangeForm({ onDone }: { onDone: () => void }) {
  const { scope, setScope, tz } = useScope();
  const own = useBrowserTimeZone();
  const now = useNow(60_000);
  const span = resolveRange(scope.range, now) ?? { fromMs: now - DAY, toMs: now };
  const [from, setFrom] = useState(() => wallClock(span.fromMs, tz));
  const [to, setTo] = useState(() => wallClock(span.toMs, tz));
  const fromMs = instantOfWallClock(from, tz);
  const toMs = instantOfWallClock(to, tz);
  const wrong =
    fromMs === null || toMs === null
      ? "Give both instants."
      : fromMs >= toMs
        ? "The end must be after the start."
        : null;

  function apply(event: FormEvent) {
    event.preventDefault();
    if (wrong || fromMs === null || toMs === null) return;
    setScope({ range: { kind: "fixed", fromMs, toMs } });
    onDone();
  }

  return (
    <div className="flex flex-col">
      <fieldset className="grid grid-cols-2 gap-px p-1">
        <legend className="sr-only">Presets</legend>
        {PRESETS.map((preset) => {
          const chosen = scope.range.kind === "preset" && scope.range.preset === preset.id;
          return (
            <button
              key={preset.id}
              type="button"
              aria-pressed={chosen}
              onClick={() => {
                setScope({ range: { kind: "preset", preset: preset.id } });
                onDone();
              }}
              className={cx(
                "h-7 rounded-md px-2 text-left -outline-offset-2",
                chosen ? "bg-selected font-medium" : "hover:bg-hover",
              )}
            >
              {preset.label}
            </button>
          );
        })}
      </fieldset>
      <form onSubmit={apply} className="flex flex-col gap-2 border-t p-3">
        <Field label="From">
          {(p) => (
            <Input
              {...p}
              type="datetime-local"
              step={1}
              value={from}
              onChange={(e) => setFrom(e.target.value)}
            />
          )}
        </Field>
        <Field label="To" error={wrong}>
          {(p) => (
            <Input
              {...p}
              type="datetime-local"
              step={1}
              value={to}
              onChange={(e) => setTo(e.target.value)}
            />
          )}
        </Field>
        <Button type="submit" disabled={wrong !== null}>
          Show this range
        </Button>
      </form>
      <div className="flex flex-col gap-2 border-t p-3">
        <Field label="Compare with">
          {(p) => (
            <Select
              {...p}
              value={scope.compare}
              onChange={(event) => {
                const compare = COMPARISONS.find((item) => item.id === event.target.value);
                if (compare) setScope({ compare: compare.id });
              }}
            >
              {COMPARISONS.map((item) => (
                <option key={item.id} value={item.id}>
                  {item.label}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="Time zone">
          {(p) => (
            <Select
              {...p}
              value={tz}
              onChange={(event) => {
                const next = event.target.value;
                setScope({ tz: next === own ? null : next });
                if (fromMs !== null) setFrom(wallClock(fromMs, next));
                if (toMs !== null) setTo(wallClock(toMs, next));
              }}
            >
              {zones(tz, own).map((zone) => (
                <option key={zone} value={zone}>
                  {zone === own ? `${zone} (yours)` : zone}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
    </div>
  );
}
