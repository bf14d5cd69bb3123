import { type Judged, judgedOf } from "@/lib/alerts/rule";
import { NewRule } from "@/lib/alerts/rule-schema";

type Written = { [Name in keyof NewRule]?: unknown } & { kind: NewRule["kind"] } & Record<
    string,
    unknown
  >;

/** A rule as the API would take it, with a name where none matters. */
export const written = (rule: Written): NewRule => NewRule.parse({ name: "a rule", ...rule });

/** The same, ready to be judged. */
export function judged<K extends NewRule["kind"]>(
  rule: Written & { kind: K },
): Extract<Judged, { kind: K }> {
  return judgedOf(written(rule)) as Extract<Judged, { kind: K }>;
}
