"use client";
import { usePathname } from "next/navigation";
import { ALERT_PAGES } from "@/components/shell/pages";
import { TabLinks } from "@/components/shell/tab-links";

/** The pages of alerting, as tabs above each; an episode belongs to the first. */
export function AlertsNav() {
  const pathname = usePathname();
  const [first, ...others] = ALERT_PAGES;
  const current = others.find(({ path }) => pathname === path || pathname.startsWith(`${path}/`));
  return <TabLinks label="Alerting" items={ALERT_PAGES} current={(current ?? first).path} />;
}
