"use client";
import { usePathname } from "next/navigation";
import { SETTINGS } from "@/components/shell/pages";
import { TabLinks } from "@/components/shell/tab-links";

/** What there is to set, as tabs above each of the settings. */
export function SettingsNav() {
  const pathname = usePathname();
  const current = SETTINGS.find(({ path }) => pathname === path || pathname.startsWith(`${path}/`));
  return <TabLinks label="Settings" items={SETTINGS} current={current?.path} />;
}
