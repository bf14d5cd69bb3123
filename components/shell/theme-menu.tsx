"use client";
import { Monitor, Moon, Sun } from "lucide-react";
import { useSyncExternalStore } from "react";
import { rememberCookie } from "@/components/shell/cookie";
import { Segmented } from "@/components/ui/segmented";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const listeners = new Set<() => void>();

/** `system` follows the machine. Remembered in a cookie, so that the first paint is already right. */
export function setTheme(theme: Theme): void {
  const root = document.documentElement;
  if (theme === "system") delete root.dataset.theme;
  else root.dataset.theme = theme;
  rememberCookie("wk_theme", theme === "system" ? null : theme);
  for (const listener of listeners) listener();
}

export function useTheme(): Theme {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    () => THEMES.find((theme) => theme === document.documentElement.dataset.theme) ?? "system",
    () => "system",
  );
}

const OPTIONS = [
  { value: "system", label: <Monitor size={14} aria-hidden />, name: "As the system" },
  { value: "light", label: <Sun size={14} aria-hidden />, name: "Light" },
  { value: "dark", label: <Moon size={14} aria-hidden />, name: "Dark" },
] as const;

export function ThemeChoice() {
  const theme = useTheme();
  return <Segmented<Theme> label="Theme" value={theme} options={OPTIONS} onChange={setTheme} />;
}
