"use client";
import { useQuery } from "@tanstack/react-query";
import { Copy, Ellipsis, Pause, Pencil, Play, Trash2 } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { StatusMark } from "@/components/alerts/marks";
import { isNoisy } from "@/components/alerts/noise";
import { copyOf, DeleteDialog, usePause } from "@/components/alerts/rule-actions";
import { RuleHealth } from "@/components/alerts/rule-health";
import { SEVERITY_LOOKS } from "@/components/alerts/words";
import { errorWords } from "@/components/shell/panel";
import { useHref } from "@/components/shell/scope";
import { Needs } from "@/components/shell/viewer";
import { IconButton } from "@/components/ui/button";
import { CELL, FIGURE, Head, WIDE } from "@/components/ui/cells";
import { cx } from "@/components/ui/cx";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu";
import { Tag } from "@/components/ui/tag";
import { parseDuration } from "@/lib/alerts/duration";
import { ruleSuggestion } from "@/lib/alerts/queries";
import type { RuleItem } from "@/lib/alerts/rules-schema";
import { conditionWords } from "@/lib/alerts/words";
import { formatCount, formatDuration, formatPercent, formatPlural, plain } from "@/lib/format";

/** Rules with how they stand and how loud they are. */
export function RulesTable({ rules }: { rules: readonly RuleItem[] }) {
  return (
    <table aria-label="Rules" className="w-full">
      <thead>
        <tr>
          <Head>Rule</Head>
          <Head wide>State</Head>
          <Head wide right>
            Judged after
          </Head>
          <Head wide right>
            Fired, 7 days
          </Head>
          <Head wide right>
            Noise
          </Head>
          <Head right>
            <span className="sr-only">Actions</span>
          </Head>
        </tr>
      </thead>
      <tbody>
        {rules.map((rule) => (
          <Row key={rule.id} rule={rule} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ rule }: { rule: RuleItem }) {
  const href = useHref();
  return (
    <tr className="group/row relative hover:bg-hover">
      <th scope="row" className={cx(CELL, "w-full text-left font-normal")}>
        <Link
          href={href(`/alerts/rules/${encodeURIComponent(rule.id)}`)}
          className="font-medium wrap-anywhere after:absolute after:inset-0"
        >
          {plain(rule.name)}
        </Link>
        <p className="text-sm wrap-anywhere text-ink-2">
          {SEVERITY_LOOKS[rule.severity].word}: {plain(conditionWords(rule))}
        </p>
        <div className="flex flex-col gap-0.5 md:hidden">
          <Standing rule={rule} />
          <p className="text-sm text-ink-2">
            {formatCount(rule.fired_7d)} in 7 days{" "}
            {rule.noise === null ? null : <>· noise {formatPercent(rule.noise)}</>}
          </p>
        </div>
        <Suggestion rule={rule} />
      </th>
      <td className={cx(CELL, WIDE, "min-w-32")}>
        <Standing rule={rule} />
      </td>
      <td className={cx(FIGURE, WIDE)}>{formatDuration(rule.lag_ms)}</td>
      <td className={cx(FIGURE, WIDE)}>
        <Link
          href={href("/alerts", { rule: rule.id })}
          className="relative underline decoration-line-strong underline-offset-2 hover:decoration-current"
        >
          {formatCount(rule.fired_7d)}
        </Link>
      </td>
      <td
        className={cx(FIGURE, WIDE)}
        title="share of these that closed within five minutes or nobody acknowledged"
      >
        {formatPercent(rule.noise)}
      </td>
      <td className={cx(CELL, "relative text-right")}>
        {rule.builtin ? <Tag title={ALWAYS_ON}>built in</Tag> : <Actions rule={rule} />}
      </td>
    </tr>
  );
}

const ALWAYS_ON = "About Watchkeeper itself: always on, and not to be deleted";

function Standing({ rule }: { rule: RuleItem }) {
  const { firing, state, paused } = rule;
  const word = firing > 1 ? `${firing} firing` : undefined;
  return (
    <span className="flex flex-col gap-0.5">
      {paused || rule.health === "unknown" ? null : <StatusMark status={state} word={word} />}
      <RuleHealth rule={rule} />
    </span>
  );
}

function Suggestion({ rule }: { rule: RuleItem }) {
  const href = useHref();
  const query = useQuery({ ...ruleSuggestion(rule.id), enabled: isNoisy(rule) });
  const suggestion = isNoisy(rule) ? query.data?.suggestion : null;
  if (!suggestion) return null;
  const { for: wait, before, after } = suggestion;
  return (
    <p className="relative text-sm text-wait">
      <Link
        href={href(`/alerts/rules/${encodeURIComponent(rule.id)}`, { for: wait })}
        className="underline underline-offset-2"
      >
        Wait {formatDuration(parseDuration(wait))} before it fires
      </Link>
      : {formatCount(before)} → {formatPlural(after, "alert")} a week
    </p>
  );
}

function Actions({ rule }: { rule: RuleItem }) {
  const href = useHref();
  const pause = usePause(rule);
  const [isAsked, setAsked] = useState(false);
  const path = href(`/alerts/rules/${encodeURIComponent(rule.id)}`);
  return (
    <>
      <div className="flex justify-end">
        <Needs scope="write">
          <IconButton
            label={`${rule.paused ? "Resume" : "Pause"} ${rule.name}`}
            disabled={pause.isPending}
            onClick={() => pause.mutate()}
          >
            {rule.paused ? <Play size={14} aria-hidden /> : <Pause size={14} aria-hidden />}
          </IconButton>
          <Menu
            label={`Actions for ${rule.name}`}
            align="end"
            trigger={
              <IconButton label={`More for ${rule.name}`}>
                <Ellipsis size={14} aria-hidden />
              </IconButton>
            }
          >
            <MenuItem asChild>
              <Link href={path}>
                <Pencil size={14} aria-hidden />
                Edit
              </Link>
            </MenuItem>
            <MenuItem asChild>
              <Link href={href("/alerts/rules/new", copyOf(rule))}>
                <Copy size={14} aria-hidden />
                Duplicate
              </Link>
            </MenuItem>
            <MenuSeparator />
            <MenuItem danger onSelect={() => setAsked(true)}>
              <Trash2 size={14} aria-hidden />
              Delete…
            </MenuItem>
          </Menu>
        </Needs>
      </div>
      {pause.error ? (
        <p role="alert" className="text-left text-fail">
          {errorWords(pause.error)}
        </p>
      ) : null}
      {isAsked ? (
        <DeleteDialog
          rule={rule}
          onClose={() => setAsked(false)}
          onDeleted={() => setAsked(false)}
        />
      ) : null}
    </>
  );
}
