import { listen } from "@/lib/db/listen";
import { readChange } from "./hints";
import { type Change, SESSIONS_CHANNEL } from "./schema";

export type Watcher = {
  /** Sessions that changed; null for more than could be named. */
  onChange(sessions: readonly string[] | null): void;
  /** True when changes are told from now on, and some before may have been missed; false when no more. */
  onHearing(hears: boolean): void;
};

let last: { text: string; change: Change | null } = { text: "", change: null };

/** Each message goes to every watcher in turn, and is read once. */
function changeOf(text: string): Change | null {
  if (last.text !== text) last = { text, change: readChange(text) };
  return last.change;
}

/** Tells of what changes in a workspace, as it happens, until the returned function is called. */
export function watchWorkspace(workspace: string, watcher: Watcher): () => void {
  return listen(SESSIONS_CHANNEL, {
    onMessage(text) {
      const change = changeOf(text);
      if (change?.workspace === workspace) watcher.onChange(change.sessions);
    },
    onHearing: (hears) => watcher.onHearing(hears),
  });
}
