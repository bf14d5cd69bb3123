type Model = { id: string; display_name: string; created_at: string; retires_at: string | null };

const model = (
  id: string,
  display_name: string,
  created: string,
  retires: string | null = null,
) => ({
  id,
  display_name,
  created_at: `${created}T00:00:00Z`,
  retires_at: retires && `${retires}T00:00:00Z`,
});

/** Newest first; the dates are made up, but one model is about to retire and one has retired. */
const MODELS: Model[] = [
  model("claude-fable-5-2", "Claude Fable 5.2", "2026-11-09"),
  model("claude-haiku-5-5", "Claude Haiku 5.5", "2026-10-07"),
  model("claude-sonnet-5-5", "Claude Sonnet 5.5", "2026-10-07"),
  model("claude-opus-5-5", "Claude Opus 5.5", "2026-10-07"),
  model("claude-sonnet-5", "Claude Sonnet 5", "2026-05-12"),
  model("claude-opus-5", "Claude Opus 5", "2026-05-12"),
  model("claude-haiku-4-5", "Claude Haiku 4.5", "2025-10-15", "2026-12-31"),
  model("claude-opus-4-1", "Claude Opus 4.1", "2025-08-05", "2026-08-05"),
];

export function modelsAt(now: string) {
  return MODELS.map((known) => ({
    type: "model",
    ...known,
    lifecycle: lifecycleOf(known, now),
    deprecated_at: known.retires_at && known.created_at,
    allowed_fallback_models: null,
    capabilities: null,
    line: null,
    max_input_tokens: 200_000,
    max_tokens: 64_000,
  }));
}

function lifecycleOf({ retires_at }: Model, now: string): "active" | "deprecated" | "retired" {
  if (retires_at === null) return "active";
  return retires_at <= now ? "retired" : "deprecated";
}
