import type { OutputMaker } from "@/lib/demo/outputs";
import type { Random } from "@/lib/demo/random";
import { type Facts, fill } from "@/lib/demo/text";

export type Policy = "always_allow" | "always_ask" | "auto";

export interface ToolSpec {
  name: string;
  kind: "builtin" | "mcp" | "custom";
  /** The MCP server, for tools of one. */
  server: string | null;
  policy: Policy;
  description: string;
  /** Median run time in ms, log-normal with `spread`. */
  latencyMs: number;
  spread: number;
  errorRate: number;
  /** Median length of the answer in characters. */
  chars: number;
  input: (random: Random, facts: Facts) => Record<string, unknown>;
  output: OutputMaker;
  errors: readonly string[];
}

type Rough = Partial<ToolSpec> & Pick<ToolSpec, "name" | "description" | "input" | "output">;

export function builtin(rough: Rough): ToolSpec {
  return { ...DEFAULTS, kind: "builtin", ...rough };
}

export function mcp(server: string, rough: Rough): ToolSpec {
  return { ...DEFAULTS, kind: "mcp", server, latencyMs: 620, chars: 1_400, ...rough };
}

export function custom(rough: Rough): ToolSpec {
  return { ...DEFAULTS, kind: "custom", latencyMs: 240, chars: 900, errorRate: 0.015, ...rough };
}

const DEFAULTS = {
  server: null,
  policy: "always_allow",
  latencyMs: 380,
  spread: 0.9,
  errorRate: 0.03,
  chars: 2_700,
  errors: ["Error: the operation timed out after 30000 ms", "Error: unexpected end of input"],
} as const;

/** An input whose every member is a template. */
export const filled = (template: Record<string, string>) => (random: Random, facts: Facts) =>
  Object.fromEntries(
    Object.entries(template).map(([key, text]) => [key, fill(text, random, facts)]),
  );
