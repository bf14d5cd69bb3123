export type Remote = {
  id: string;
  deleted_at: string | null;
  /** As the platform names it; null where its answers did not, or where somebody else runs it. */
  remote_workspace: string | null;
};

/** Where the platform's Console shows a session; null where that is not known, or it is gone from there. */
export function consoleUrlOf({ id, deleted_at, remote_workspace }: Remote): string | null {
  if (remote_workspace === null || deleted_at !== null) return null;
  const [workspace, session] = [remote_workspace, id].map(encodeURIComponent);
  return `https://platform.claude.com/workspaces/${workspace}/sessions/${session}`;
}
