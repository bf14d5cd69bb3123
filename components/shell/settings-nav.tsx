"use client";
import { usePathname } from "next/navigation";
import { SETTINGS } from "@/components/shell/pages";
import { TabLinks } from "@/components/shell/tab-links";
import { useViewer } from "@/components/shell/viewer";
import { allows } from "@/lib/auth/roles";

/** What there is to set, as tabs above each of the settings. */
export function SettingsNav() {
  const pathname = usePathname();
  const { scopes } = useViewer();
  const shown = SETTINGS.filter(({ needs }) => allows(scopes, needs));
  const current = SETTINGS.find(({ path }) => pathname === path || pathname.startsWith(`${path}/`));
  return <TabLinks label="Settings" items={shown} current={current?.path} />;
}
