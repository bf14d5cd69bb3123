"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { BellOff, ChevronDown } from "lucide-react";
import Link from "next/link";
import {
  matchersOf,
  presetOf,
  SILENCE_PRESETS,
  type SilencePreset,
} from "@/components/notify/silence-times";
import { errorWords } from "@/components/shell/panel";
import { useHref, useScope } from "@/components/shell/scope";
import { useMay } from "@/components/shell/viewer";
import { Button } from "@/components/ui/button";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu";
import { ALERTS } from "@/lib/alerts/queries";
import { NOTIFY, saveSilence } from "@/lib/notify/queries";

type SilenceMenuProps = {
  ruleId: string;
  labels: Record<string, string>;
  /** What the alert is called. */
  name: string;
};

/** Tells nobody of this one alert for a while. */
export function SilenceMenu(props: SilenceMenuProps) {
  return useMay("write") ? <Silencing {...props} /> : null;
}

function Silencing({ ruleId, labels, name }: SilenceMenuProps) {
  const href = useHref();
  const { tz } = useScope();
  const client = useQueryClient();
  const matchers = matchersOf(ruleId, labels);
  const silence = useMutation({
    mutationFn: (preset: SilencePreset) =>
      saveSilence(null, {
        matchers,
        reason: `Silenced: ${name}`.slice(0, 500),
        ...presetOf(preset, Date.now(), tz),
      }),
    onSuccess: () =>
      Promise.all([ALERTS, NOTIFY].map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
  return (
    <>
      <Menu
        label={`Silence ${name}`}
        trigger={
          <Button aria-label={`Silence ${name}`} disabled={silence.isPending}>
            <BellOff size={14} aria-hidden />
            Silence
            <ChevronDown size={14} aria-hidden className="text-ink-3" />
          </Button>
        }
      >
        {SILENCE_PRESETS.slice(0, 3).map(({ id, label }) => (
          <MenuItem key={id} onSelect={() => silence.mutate(id)}>
            {label}
          </MenuItem>
        ))}
        <MenuSeparator />
        <MenuItem asChild>
          <Link
            href={href("/alerts/silences", {
              silence: "new",
              matchers: JSON.stringify(matchers),
            })}
          >
            with a reason, or longer…
          </Link>
        </MenuItem>
      </Menu>
      {silence.isSuccess ? (
        <span role="status" className="text-ok">
          Silenced.
        </span>
      ) : null}
      {silence.error ? (
        <p role="alert" className="w-full text-fail">
          {errorWords(silence.error)}
        </p>
      ) : null}
    </>
  );
}
