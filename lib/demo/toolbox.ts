import { BUILTIN_TOOLS } from "@/lib/demo/builtin-tools";
import { CONNECTED_TOOLS } from "@/lib/demo/connected-tools";
import type { ToolSpec } from "@/lib/demo/tool";

const KEYED: ReadonlyMap<string, ToolSpec> = new Map(
  [...BUILTIN_TOOLS, ...CONNECTED_TOOLS].map((spec) => [keyOf(spec), spec]),
);

/** `bash`, `bash:always_ask`, `zendesk.update_ticket`: what agent versions name their tools by. */
function keyOf(spec: ToolSpec): string {
  if (spec.server !== null) return `${spec.server}.${spec.name}`;
  return spec.policy === "always_allow" ? spec.name : `${spec.name}:${spec.policy}`;
}

export function toolOf(key: string): ToolSpec {
  const spec = KEYED.get(key);
  if (spec === undefined) throw new RangeError(`no tool ${key} in the demo's toolbox`);
  return spec;
}
