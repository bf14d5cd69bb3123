import { describe, expect, it } from "vitest";
import { z } from "zod";
import { said, saidAs, saidBut, withoutContent } from "@/lib/http/content";

const text = said(z.string().nullable());

describe("withoutContent", () => {
  it.each<[string, z.ZodType, unknown, unknown]>([
    ["a marked text", text, "secret", null],
    [
      "a marked one that may be missing",
      z.object({ a: said(z.string().optional()) }),
      { a: "x" },
      {},
    ],
    ["figures", z.object({ n: z.int(), t: text }), { n: 1, t: "x" }, { n: 1, t: null }],
    ["what the schema does not name", z.object({ n: z.int() }), { n: 1, extra: "x" }, { n: 1 }],
    ["what could be anything", z.object({ a: z.unknown() }), { a: "x" }, { a: null }],
    ["objects of anything", z.record(z.string(), z.unknown()), { a: { b: "x" } }, { a: null }],
    [
      "objects of which some keys are told",
      saidBut(z.record(z.string(), z.unknown()), "kind"),
      { kind: "tool", label: "x", bytes: 3, late: true, more: { a: 1 } },
      { kind: "tool", bytes: 3, late: true },
    ],
    [
      "what is told in part, and the rest of it by its own marks",
      saidAs(z.object({ kind: z.string(), name: z.string(), t: text }), (value) => ({
        ...{ ...value, name: value.kind },
      })),
      { kind: "phase", name: "x", t: "x" },
      { kind: "phase", name: "phase", t: null },
    ],
    [
      "lists",
      z.array(z.object({ t: text })),
      [{ t: "x" }, { t: null }],
      [{ t: null }, { t: null }],
    ],
    ["tuples", z.tuple([z.string(), text]), ["a", "x"], ["a", null]],
    ["records of them", z.record(z.string(), text), { a: "x" }, { a: null }],
    [
      "one of several, told apart",
      z.discriminatedUnion("kind", [
        z.object({ kind: z.literal("a"), t: text }),
        z.object({ kind: z.literal("b"), n: z.int() }),
      ]),
      { kind: "a", t: "x" },
      { kind: "a", t: null },
    ],
    ["one of several", z.union([z.int(), z.object({ t: text })]), { t: "x" }, { t: null }],
    ["what fits none of several", z.union([z.int(), z.boolean()]), "x", null],
    ["wrapped ones", z.object({ t: text }).nullable().optional(), { t: "x" }, { t: null }],
    [
      "defaults and pipes",
      z
        .string()
        .transform((t) => t.length)
        .pipe(z.int())
        .default(1),
      3,
      3,
    ],
    ["nothing", z.object({ t: text }), null, null],
  ])("%s", (_, schema, value, shown) => {
    expect(withoutContent(schema, value)).toEqual(shown);
  });

  it("takes no mark where nothing could stand in the text's place", () => {
    expect(() => said(z.string())).toThrow("nullable or optional");
  });
});
