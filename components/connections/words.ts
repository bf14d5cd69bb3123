import type { Shape, Tone } from "@/components/ui/mark";
import type { ConnectionTestAnswer } from "@/lib/anthropic/schema";
import type { DeliveryResult } from "@/lib/connections/webhook-schema";
import { formatDuration, formatPlural } from "@/lib/format";

/** How far what is stored is behind what is due. */
export function lagWords(seconds: number | null): string {
  if (seconds === null) return "–";
  return seconds === 0 ? "none" : formatDuration(seconds * 1000);
}

export function depthWords(days: number | null): string {
  return days === null ? "all history" : `the last ${formatPlural(days, "day")}`;
}

/** What became of a delivery. */
export const RESULTS: Record<DeliveryResult, { shape: Shape; tone: Tone; word: string }> = {
  read: { shape: "check", tone: "ok", word: "session read" },
  waiting: { shape: "hourglass", tone: "wait", word: "waits to be read" },
  failed: { shape: "cross", tone: "fail", word: "reading failed" },
  gone: { shape: "square", tone: "stop", word: "deleted there" },
  listed: { shape: "check", tone: "ok", word: "read with its list" },
  kept: { shape: "ring", tone: "quiet", word: "nothing to read" },
};

const REFUSED: Record<string, string> = {
  no_secret: "No signing secret was set here.",
  no_signature: "The three webhook headers were not there: somebody else than the platform.",
  wrong_signature: "Signed with none of the secrets: a secret is missing here, or it was forged.",
  old_timestamp: "Signed more than five minutes before; is this machine's clock right?",
  future_timestamp: "Signed more than five minutes ahead; is this machine's clock right?",
  not_json: "The body was no JSON.",
  unknown_form: "The body was no webhook event.",
  too_large: "The body was larger than 256 KiB.",
};

/** Why a delivery was refused; a reason without words stands for itself. */
export const refusalWords = (reason: string) => REFUSED[reason] ?? reason;

/** What a key can see, in one line. */
export function sightWords(seen: Extract<ConnectionTestAnswer, { ok: true }>): string {
  const parts = [
    `${formatPlural(seen.sessions.seen, "session")}${seen.sessions.more ? " and more" : ""}`,
    ...(seen.agents === null ? [] : [formatPlural(seen.agents, "agent")]),
    ...(seen.environments === null ? [] : [formatPlural(seen.environments, "environment")]),
  ];
  const where = seen.workspace_id === null ? "" : ` in ${seen.workspace_id}`;
  return `The key sees ${parts.join(", ")}${where}.`;
}
