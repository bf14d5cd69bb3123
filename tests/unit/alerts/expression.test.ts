import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isTrue, parseExpression, type Tree } from "@/lib/alerts/expression";

function treeOf(text: string): Tree {
  const parsed = parseExpression(text);
  if ("message" in parsed) throw new Error(parsed.message);
  return parsed.tree;
}

const TRUE_NAMES = ["t", "yes", "a_1"];
const value = (text: string) => isTrue(treeOf(text), (name) => TRUE_NAMES.includes(name));

describe("an expression", () => {
  it.each([
    ["t", true],
    ["f", false],
    ["!f", true],
    ["!!t", true],
    ["t && f", false],
    ["t || f", true],
    ["t || f && f", true],
    ["(t || f) && f", false],
    ["!t || t", true],
    ["!(t || f)", false],
    ["f || f || a_1", true],
    ["t&&!f&&(yes)", true],
  ])("%s is %s", (text, wanted) => expect(value(text)).toBe(wanted));

  it("names its rules once each, in their order", () =>
    expect(parseExpression("b && (a || !b)")).toMatchObject({ names: ["b", "a"] }));

  it.each([
    ["", "expected a rule's name, `!` or `(`, found the end"],
    ["a &&", "expected a rule's name, `!` or `(`, found the end"],
    ["a & b", "expected `&&`, `||` or the end, found `&` at character 3"],
    ["a b", "expected `&&`, `||` or the end, found `b` at character 3"],
    ["(a || b", "expected `)`, found the end"],
    ["a || )", "expected a rule's name, `!` or `(`, found `)` at character 6"],
    ["a && 5", "expected a rule's name, `!` or `(`, found `5` at character 6"],
    ["Rule", "expected a rule's name, `!` or `(`, found `Rule` at character 1"],
  ])("%j is refused: %s", (text, message) => expect(parseExpression(text)).toEqual({ message }));

  it("comes out as what it was written from", () => {
    const names = ["a", "b", "c"];
    const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        fc.constantFrom(...names).map((name): Tree => ({ op: "name", name })),
        tie("tree").map((of): Tree => ({ op: "not", of })),
        fc
          .tuple(fc.constantFrom("and" as const, "or" as const), tie("tree"), tie("tree"))
          .map(([op, left, right]): Tree => ({ op, left, right })),
      ),
    }));
    const text = (one: Tree): string =>
      one.op === "name"
        ? one.name
        : one.op === "not"
          ? `!${text(one.of)}`
          : `(${text(one.left)} ${one.op === "and" ? "&&" : "||"} ${text(one.right)})`;
    fc.assert(
      fc.property(tree, fc.subarray(names), (one, holding) => {
        const holds = (name: string) => holding.includes(name);
        expect(isTrue(treeOf(text(one)), holds)).toBe(isTrue(one, holds));
        expect(treeOf(text(one))).toEqual(one);
      }),
    );
  });
});
