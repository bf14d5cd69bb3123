import { costOfSpan } from "@/lib/sessions/span-cost";
import { addMeasures, type Tell } from "./cells";
import type { Measures, SpanFacts, SpanPricing } from "./schema";

type Carried = [tool: string, put: number, read: number, written: number, input: number];
type Part = { speed: string | null; above: number; tools: Carried[] };

/**
 * What an hour's prompts carried, by tool: `count` is of hours in which it did, `output_tokens` what was
 * put there, the other tokens what was carried, `nanos` what that cost at the thread's model. Under '' stands
 * what is no tool's, which has what is left of the prompts' cost.
 */
export function tellContext(
  tell: Tell,
  span: SpanFacts,
  { pricing, sign }: { pricing: SpanPricing; sign: 1 | -1 },
): void {
  if (span.startedUs === null) return;
  const sums = new Map<string, Measures>();
  for (const part of (span.attributes.parts ?? []) as Part[])
    for (const [tool, measures] of measuresOf(part, span, pricing)) {
      const sum = sums.get(tool) ?? { count: 1 };
      addMeasures(sum, measures, 1);
      sums.set(tool, sum);
    }
  for (const [key, sum] of sums) {
    const measures: Measures = {};
    addMeasures(measures, sum, sign);
    tell({ us: span.startedUs, family: "context", key, measures });
  }
}

function measuresOf({ speed, above, tools }: Part, span: SpanFacts, pricing: SpanPricing) {
  const costOf = (tokens: { cacheRead: number; cacheWrite: number; input: number }) =>
    costOfSpan(
      {
        ...{ kind: "model_request", threadId: span.threadId, speed, atUs: span.startedUs },
        tokens: { ...tokens, output: 0 },
        promptTokens: above + 1,
      },
      { split: null, ...pricing },
    ) ?? { nanos: 0, unpricedTokens: 0 };
  const whole = { cacheRead: 0, cacheWrite: 0, input: 0 };
  let left = 0;
  const priced = tools.map(([tool, put, cacheRead, cacheWrite, input]) => {
    const cost = costOf({ cacheRead, cacheWrite, input });
    whole.cacheRead += cacheRead;
    whole.cacheWrite += cacheWrite;
    whole.input += input;
    if (tool !== "") left -= cost.nanos;
    const measures: Measures = {
      nanos: cost.nanos,
      input_tokens: input,
      cache_write_5m_tokens: cacheWrite,
      cache_read_tokens: cacheRead,
      output_tokens: put,
      unpriced_tokens: cost.unpricedTokens,
    };
    return [tool, measures] as const;
  });
  left += costOf(whole).nanos;
  return priced.map(
    ([tool, measures]) => [tool, tool === "" ? { ...measures, nanos: left } : measures] as const,
  );
}
