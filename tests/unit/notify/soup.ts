import fc from "fast-check";
import type { Message, NoticeContent } from "@/lib/notify/schema";
import { closedContent, content } from "@/tests/support/notices";

/** Text as people and machines write it: long, with emoji, marks that combine, markup and halves of characters. */
export const text = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.string({ unit: "grapheme", maxLength: 30 }) },
      {
        weight: 2,
        arbitrary: fc.constantFrom("👩‍👩‍👧‍👦", "e\u0301", "😀", "\u202e", "🇩🇪", "z\u0336\u0337"),
      },
      {
        weight: 2,
        arbitrary: fc.constantFrom("<!channel>", "@everyone", "<at>x</at>", "&amp;", "`*_~|"),
      },
      { weight: 1, arbitrary: fc.constantFrom("\ud83d", "\ude00", "\n", '"', "<script>", "](x)") },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: 1_500 }).map((n) => "é<😀".repeat(n)) },
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(""));

const nullable = fc.option(text);
const member = (closed: boolean): fc.Arbitrary<NoticeContent> =>
  fc
    .record({
      ...{ name: text, label: text, named: text, condition: text, session: text, outcome: text },
      ...{ summary: nullable, description: nullable, health: nullable },
      severity: fc.constantFrom("info", "warning", "high", "critical"),
      runbook: fc.option(text.map((end) => `https://runbooks.example.com/${end}`)),
      value: fc.option(fc.double({ noNaN: true })),
      unit: fc.constantFrom(
        "ratio",
        "nanodollars",
        "count",
        "ms",
        "seconds",
        "per_minute",
        "tokens",
      ),
    })
    .map(({ name, label, named, session, outcome, runbook, severity, ...rest }) => {
      const of = closed ? closedContent : content;
      return of({
        ...rest,
        severity: severity as NoticeContent["severity"],
        rule: { id: "rule_1", name, kind: "ratio", version: 1 },
        labels: { agent: label, [label]: "x" },
        names: { [label]: named },
        runbook_url: runbook,
        // Drawing takes its time, and has no text.
        course: [],
        sessions: [{ id: session, outcome, cost_nanos: 1 }],
      });
    });

const members = (closed: boolean) =>
  fc
    .array(member(closed), { maxLength: 12 })
    .map((all) => all.map((content, at) => ({ id: `${closed ? "c" : "f"}${at}`, content })));

/** Any message that says something. */
export const anyMessage: fc.Arbitrary<Message> = fc
  .record({
    reason: fc.constantFrom("opened", "closed", "reminder", "flapping", "late", "health", "test"),
    group: fc.dictionary(text, text, { maxKeys: 3 }),
    firing: members(false),
    closed: members(true),
    more: fc.nat(1_000),
    acknowledged_by: nullable,
  })
  .map((message) => message as Message)
  .filter(({ firing, closed }) => firing.length + closed.length > 0);

/** Half of a character that stands alone. */
export const BROKEN = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** All texts within a value, names of members included. */
export function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => [name, ...textsIn(part)]);
}
