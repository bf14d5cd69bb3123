import fc from "fast-check";
import { expect, it } from "vitest";
import { add, type Hits, masked, maskerOf } from "@/lib/masking/masker";
import type { MaskingRule } from "@/lib/masking/schema";
import { released, withhold } from "@/lib/masking/withheld";

const RULES: MaskingRule[] = [
  { kind: "tool", name: "crm", tool: "crm_*", input: true, output: true },
  { kind: "path", name: "inner", path: "$.content[*].text.token" },
  { kind: "path", name: "whole", path: "$.content.said" },
  { kind: "path", name: "deep", path: "$..password" },
  { kind: "pattern", name: "customer", pattern: "CUST-[0-9]+" },
];
const masker = maskerOf({ builtin: {}, rules: RULES }, "masked");

const text = fc.constantFrom(
  ...["", "plain", "CUST-71", "AKIAIOSFODNN7EXAMPLE", "x AKIAIOSFODNN7EXAMPLE CUST-71"],
  ...["[masked:aws_key]", "[not kept: 3 bytes]", "[withheld: its call is not known]"],
);
const value = fc.oneof(text, fc.record({ password: text }), fc.record({ token: text }));
const content = fc.oneof(
  text,
  fc.constantFrom(null, undefined, 7, true),
  fc.array(fc.oneof(fc.record({ type: fc.constant("text"), text: value }), value), {
    maxLength: 3,
  }),
  fc.record({ password: text, said: text }),
);
const result = fc.record({
  id: fc.constant("r"),
  type: fc.constant("agent.tool_result"),
  tool_use_id: fc.constant("u"),
  content,
  note: value,
  input: value,
  _masking: fc.constantFrom(undefined, { bytes: { content: 9 } }, { bytes: {}, odd: "CUST-7" }),
});

/** `undefined` members are none: nothing that came as JSON has them. */
const asJson = (payload: object) => JSON.parse(JSON.stringify(payload));

it("a result that waited is what it would have been, and counts what it would have counted", () => {
  fc.assert(
    fc.property(result.map(asJson), fc.constantFrom("crm_read", "bash"), (payload, tool) => {
      const atOnce: Hits = new Map();
      const expected = masked(masker, { kind: "event", payload, tool }, atOnce);
      const waiting = withhold(masker, payload);
      if (waiting === null) {
        expect(masked(masker, { kind: "event", payload, tool: null }, new Map())).toEqual(expected);
        return;
      }
      const later = released(masker, waiting, tool);
      expect(later.payload).toEqual(expected);
      const hits: Hits = new Map(waiting.hits);
      for (const [rule, count] of later.hits) add(hits, rule, count);
      expect(hits).toEqual(atOnce);
    }),
    { numRuns: 2_000 },
  );
});

it("says nothing of its content meanwhile", () => {
  const payload = { type: "agent.tool_result", content: "hush", note: "CUST-7" };
  expect(withhold(masker, payload)?.payload).toEqual({
    ...{ type: "agent.tool_result", content: "[withheld: its call is not known]" },
    ...{ note: "[masked:customer]", _masking: { bytes: { content: 6 } } },
  });
});
