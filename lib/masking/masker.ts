import { BUILTIN, isOnByDefault } from "./builtin";
import { globOf } from "./glob";
import { maskPayload, type Way } from "./item";
import { isMark, sizeMark } from "./marks";
import { parsePath, type Trail } from "./path";
import type { MaskingMode, MaskingPolicy, MaskingRule } from "./schema";
import { TOOL_USES } from "./structure";
import { type TextMasker, textMasker } from "./text";
import { isSpent, type Work, workOfItem } from "./work";

type JsonObject = Record<string, unknown>;

/** Values that were replaced, by rule. */
export type Hits = Map<string, number>;

/** A policy made ready. Everything it does is decided by the policy and the item: nothing is remembered. */
export type Masker = {
  mode: MaskingMode;
  text: TextMasker;
  trails: readonly Trail[];
  metadata: (key: string) => string | null;
  /** The rule by which a tool's input or output goes; null as a name is a tool that nobody knows. */
  tool: (name: string | null, side: "input" | "output") => string | null;
  hasOutputRules: boolean;
  /** Something has to be looked at in every item; otherwise only in those a credential may be in. */
  isThorough: boolean;
};

export function maskerOf(
  policy: Pick<MaskingPolicy, "builtin" | "rules">,
  mode: MaskingMode,
): Masker {
  const of = <K extends MaskingRule["kind"]>(kind: K) =>
    policy.rules.filter((rule): rule is Extract<MaskingRule, { kind: K }> => rule.kind === kind);
  const on = BUILTIN.filter((rule) => policy.builtin[rule.name] ?? isOnByDefault(rule));
  const tools = of("tool").map((rule) => ({ ...rule, fits: globOf(rule.tool) }));
  const keys = of("metadata").map((rule) => ({ name: rule.name, fits: globOf(rule.key) }));
  const trails = of("path").map(({ name, path }) => ({ rule: name, steps: parsePath(path) ?? [] }));
  const text = textMasker(on, of("pattern"));
  return {
    ...{ mode, text, trails },
    metadata: (key) => keys.find(({ fits }) => fits(key))?.name ?? null,
    tool: (name, side) =>
      tools.find((rule) => rule[side] && (name === null || rule.fits(name)))?.name ?? null,
    hasOutputRules: tools.some(({ output }) => output),
    isThorough:
      mode === "metadata" || text.isThorough || trails.length + tools.length + keys.length > 0,
  };
}

/** An item that may be masked. `json`: its payload's, where it is known; `tool`: of a result, its call's. */
export type Maskable = { kind: string; payload: JsonObject; json?: string; tool?: string | null };

/** The payload as it may be kept; the very same where nothing is to be done. */
export function masked(
  masker: Masker,
  item: Maskable,
  hits: Hits,
  work: Work = workOfItem(),
): JsonObject {
  const { kind, payload, json } = item;
  if (masker.mode === "full") return payload;
  if (!masker.isThorough && json !== undefined && !masker.text.mayHold(json)) return payload;
  const counted: Hits = new Map();
  const result = maskPayload(payload, kind, wayOf(masker, item, { hits: counted, work }));
  if (counted.size === 0) return payload;
  for (const [rule, count] of counted) add(hits, rule, count);
  return result;
}

function wayOf(
  masker: Masker,
  { kind, payload, tool }: Maskable,
  { hits, work }: { hits: Hits; work: Work },
): Way {
  const isUse = kind === "event" && TOOL_USES.has(String(payload.type));
  const own = isUse && typeof payload.name === "string" ? payload.name : null;
  return {
    ...{ mode: masker.mode, trails: masker.trails },
    text: (text, hit) => masker.text.mask(text, hit, work),
    isSpent: () => isSpent(work),
    metadata: masker.metadata,
    hide: {
      input: own === null ? null : masker.tool(own, "input"),
      content: tool === undefined ? null : masker.tool(tool, "output"),
    },
    hit: (rule) => add(hits, rule, 1),
  };
}

/** A line of text as it came: what is in it is not known, so nothing of it is kept without content. */
export function maskedLine(masker: Masker, line: string, hits: Hits, work?: Work): string {
  if (masker.mode === "full" || isMark(line)) return line;
  if (masker.mode === "metadata") {
    add(hits, "metadata_only", 1);
    return sizeMark(Buffer.byteLength(line));
  }
  return maskedText(masker, line, hits, work);
}

/** What rules of texts find, in a text of any kind. */
export function maskedText(
  masker: Masker,
  text: string,
  hits: Hits,
  work: Work = workOfItem(),
): string {
  const found = new Set<string>();
  const result = masker.text.mask(text, (rule) => found.add(rule), work);
  for (const rule of found) add(hits, rule, 1);
  return result;
}

/** What is wrong with an item may quote its beginning, and that be the beginning of a secret. */
export const withoutQuotes = (message: string): string => message.replace(/"[\s\S]*"/, '"…"');

export const add = (hits: Hits, rule: string, count: number) =>
  void hits.set(rule, (hits.get(rule) ?? 0) + count);
