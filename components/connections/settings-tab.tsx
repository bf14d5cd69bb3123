"use client";
import { RemovePanel } from "@/components/connections/remove-panel";
import { SettingsForm } from "@/components/connections/settings-form";
import type { ConnectionItem } from "@/lib/connections/schema";

export function SettingsTab({ item }: { item: ConnectionItem }) {
  return (
    <div className="flex max-w-2xl flex-col gap-3">
      <SettingsForm item={item} />
      <RemovePanel item={item} />
    </div>
  );
}
