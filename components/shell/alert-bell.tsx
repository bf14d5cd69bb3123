"use client";
import { useQuery } from "@tanstack/react-query";
import { Bell, BellRing } from "lucide-react";
import Link from "next/link";
import { useLive } from "@/components/shell/live";
import { useHref } from "@/components/shell/scope";
import { useTitleCount } from "@/components/shell/title-count";
import { buttonClass } from "@/components/ui/button";
import { cx } from "@/components/ui/cx";
import { alertsFiring } from "@/lib/alerts/queries";

const LIVE_MS = 10_000;

/** How many alerts fire, on every page and in its title, and the way to them. */
export function AlertBell() {
  const href = useHref();
  const { paused } = useLive();
  // Ticks pass whether or not anything changes, so that no hint tells of them.
  const query = useQuery({ ...alertsFiring(), refetchInterval: paused ? false : LIVE_MS });
  const firing = query.data?.firing ?? 0;
  useTitleCount(firing);
  const label = firing === 0 ? "Alerts: none fires" : `Alerts: ${firing} firing`;
  return (
    <Link
      href={href("/alerts")}
      aria-label={label}
      title={label}
      className={cx(buttonClass(firing === 0 ? "ghost" : "alarm"), firing === 0 && "w-8 px-0")}
    >
      {firing === 0 ? <Bell size={16} aria-hidden /> : <BellRing size={14} aria-hidden />}
      {firing === 0 ? null : firing}
    </Link>
  );
}
