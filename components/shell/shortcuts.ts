"use client";
import { useEffect, useEffectEvent, useSyncExternalStore } from "react";

/** `keys`: one key ("j", "enter", "space", "escape", "/"), a sequence ("g o"), or with the command key ("mod+k"). */
export type Shortcut = { keys: string; label: string; group: string };
type Entry = Shortcut & { run: (event: KeyboardEvent) => void };

const OFF = "wk.shortcuts.off";
let entries: readonly Entry[] = [];
let pending = "";
let pendingSince = 0;
const listeners = new Set<() => void>();

function changed() {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input:not([type=checkbox]), textarea, select"))
  );
}

const USES_ENTER = "a, button, summary, [role=button], [role=menuitem], [role=tab], input";
const USES_SPACE =
  "button, summary, [role=button], [role=menuitem], [role=tab], input, [tabindex='0']";

/** Whether the element under the focus uses the key itself. */
function isTaken(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (key === "enter") return target.matches(USES_ENTER);
  return key === "space" && target.matches(USES_SPACE);
}

function keyName(event: KeyboardEvent): string {
  const key =
    event.key === " " ? "space" : event.key.length === 1 ? event.key : event.key.toLowerCase();
  return event.metaKey || event.ctrlKey ? `mod+${key.toLowerCase()}` : key;
}

function dispatch(event: KeyboardEvent) {
  const key = keyName(event);
  const command = key.startsWith("mod+");
  if (event.defaultPrevented || event.altKey || ["shift", "mod+shift"].includes(key)) return;
  if (!command && (isTyping(event.target) || isTaken(event.target, key) || shortcutsOff())) return;
  if (!command && document.querySelector('[role="dialog"][data-state="open"]')) return;
  const sequence = event.timeStamp - pendingSince < 1000 && pending ? `${pending} ${key}` : key;
  const entry =
    entries.findLast((item) => item.keys === sequence) ??
    entries.findLast((item) => item.keys === key);
  pending = entry ? "" : key;
  pendingSince = event.timeStamp;
  if (!entry) return;
  event.preventDefault();
  entry.run(event);
}

function register(added: readonly Entry[]) {
  if (entries.length === 0) window.addEventListener("keydown", dispatch);
  entries = [...entries, ...added];
  changed();
  return () => {
    entries = entries.filter((item) => !added.includes(item));
    if (entries.length === 0) window.removeEventListener("keydown", dispatch);
    changed();
  };
}

/** Makes shortcuts work while the component is there; the newest wins. They are listed under `?`. */
export function useShortcuts(shortcuts: readonly Entry[]): void {
  const run = useEffectEvent((keys: string, event: KeyboardEvent) => {
    shortcuts.find((item) => item.keys === keys)?.run(event);
  });
  const listed = JSON.stringify(
    shortcuts.map(({ keys, label, group }) => ({ keys, label, group })),
  );
  useEffect(() => {
    const parsed: Shortcut[] = JSON.parse(listed);
    return register(parsed.map((item) => ({ ...item, run: (event) => run(item.keys, event) })));
  }, [listed]);
}

const NONE: readonly Entry[] = [];

/** Every shortcut that works now. */
export function useShortcutList(): readonly Shortcut[] {
  return useSyncExternalStore(
    subscribe,
    () => entries,
    () => NONE,
  );
}

function shortcutsOff(): boolean {
  return localStorage.getItem(OFF) === "yes";
}

/** Single keys can disturb speech input and some aids, so they can be switched off (WCAG 2.1.4). */
export function useShortcutsOff(): [boolean, (off: boolean) => void] {
  const off = useSyncExternalStore(subscribe, shortcutsOff, () => false);
  return [
    off,
    (next) => {
      localStorage.setItem(OFF, next ? "yes" : "no");
      changed();
    },
  ];
}
