import { plain } from "@/lib/format";
import type { SessionItem } from "@/lib/sessions/schema";

type Usage = SessionItem["usage"];

export function promptTokensOf(usage: Usage): number {
  return (
    usage.input_tokens +
    usage.cache_write_5m_tokens +
    usage.cache_write_1h_tokens +
    usage.cache_read_tokens
  );
}

export function tokensOf({ usage }: SessionItem): number {
  return promptTokensOf(usage) + usage.output_tokens;
}

/** Share of the prompt that was read from the cache; null without a prompt. */
export function cacheHitRatio({ usage }: SessionItem): number | null {
  const prompt = promptTokensOf(usage);
  return prompt === 0 ? null : usage.cache_read_tokens / prompt;
}

/** "triage v13"; null when the agent is not known. */
export function agentWords({ agent }: SessionItem): string | null {
  const name = agent.name ?? agent.id;
  if (name === null) return null;
  return agent.version === null ? name : `${plain(name)} v${agent.version}`;
}

export function titleOf(session: SessionItem): string {
  return plain(session.title ?? session.id);
}
