import { setUpColumns } from "@/lib/ingest/fleet-columns";
import type { JsonObject } from "@/lib/ingest/schema";

export type ConfigName = {
  connectionId: string;
  agentId: string;
  version: string;
  configHash: string;
};

/** What an agent ran with, and what is known of what its version was published as. */
export type Config = ConfigName & {
  object: JsonObject;
  release: { model: string | null; tools: string[]; systemHash: string | null } | null;
};

/** Whether a configuration is the published one: what it says was never a session's own. */
export function isPublished({ object, release }: Config): boolean {
  if (!release) return false;
  const own = setUpColumns(object);
  return (
    own.system_hash === release.systemHash &&
    own.model === release.model &&
    JSON.stringify(own.tools) === JSON.stringify(release.tools)
  );
}
