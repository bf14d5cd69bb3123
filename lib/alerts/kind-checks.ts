import { parseExpression } from "./expression";
import { type Found, found } from "./rule-checks";
import type { Kind, NewRule, RuleOf } from "./rule-schema";

const MOST_RULES = 10;
/** What a webhook is known by. */
const OF_WEBHOOKS = ["error_type", "connection"];

type KindOf = (ruleId: string) => Kind | undefined;

/** Of what one kind of rule alone has. */
export function kindIssues(rule: NewRule, kindOf?: KindOf): Found[] {
  switch (rule.kind) {
    case "burn_rate":
      return burnIssues(rule);
    case "absence":
      return absenceIssues(rule);
    case "budget":
      return found(
        rule.tiers.length === 0 && !rule.forecast,
        "tiers",
        "name a share of the budget, or switch `forecast` on",
      );
    case "composite":
      return compositeIssues(rule, kindOf);
    case "event":
      return eventIssues(rule);
    default:
      return [];
  }
}

function burnIssues({ slo, factor }: RuleOf<"burn_rate">): Found[] {
  const most = Number((1 / (1 - slo)).toPrecision(6));
  // Where all fails it burns so fast; the tolerance is for what decimals cannot say.
  return found(
    factor * (1 - slo) >= 1 - 1e-9,
    "factor",
    `it can never fire: with an SLO of ${slo} nothing burns faster than ${most} times; use a smaller factor`,
  );
}

function absenceIssues(rule: RuleOf<"absence">): Found[] {
  const { heartbeat, metric, window, period, filters, group_by } = rule;
  const isOne = (heartbeat === undefined) !== (metric === undefined);
  if (!isOne)
    return [
      { path: "heartbeat", message: "name a heartbeat with its period, or a metric with a window" },
    ];
  if (heartbeat === undefined)
    return [
      ...found(window === undefined, "window", "how long there may be none of the metric"),
      ...found(period !== undefined, "period", "it goes with a heartbeat; a metric has a window"),
    ];
  const isFiltered = Object.keys(filters).length > 0;
  const message = "a heartbeat is known by its name alone";
  return [
    ...found(period === undefined, "period", "how long from one heartbeat to the next"),
    ...found(window !== undefined, "window", "it goes with a metric; a heartbeat has a period"),
    ...found(isFiltered, "filters", message),
    ...found(group_by.length > 0, "group_by", message),
  ];
}

function compositeIssues({ rules, expression }: RuleOf<"composite">, kindOf?: KindOf): Found[] {
  const names = Object.keys(rules);
  const parsed = parseExpression(expression);
  const path = "expression";
  if ("message" in parsed) return [{ path, message: parsed.message }];
  const strange = parsed.names.find((name) => !names.includes(name));
  const unused = names.find((name) => !parsed.names.includes(name));
  return [
    ...found(names.length > MOST_RULES, "rules", `at most ${MOST_RULES} rules`),
    ...found(strange !== undefined, path, `\`${strange}\` is not among \`rules\``),
    ...found(unused !== undefined, `rules.${unused}`, "the expression does not name it"),
    ...(kindOf ? Object.entries(rules).flatMap(([name, id]) => partIssues(name, id, kindOf)) : []),
  ];
}

function partIssues(name: string, id: string, kindOf: KindOf): Found[] {
  const kind = kindOf(id);
  if (kind === undefined) return [{ path: `rules.${name}`, message: `there is no rule ${id}` }];
  return found(
    kind === "composite",
    `rules.${name}`,
    "a rule made of rules cannot be part of another; name its parts instead",
  );
}

function eventIssues({ source, filters, group_by }: RuleOf<"event">): Found[] {
  if (source !== "webhook") return [];
  const message = `a webhook is known by ${OF_WEBHOOKS.join(" and ")} alone`;
  const strange = Object.keys(filters).find((name) => !OF_WEBHOOKS.includes(name));
  return [
    ...found(strange !== undefined, `filters.${strange}`, message),
    ...found(
      group_by.some((name) => !OF_WEBHOOKS.includes(name)),
      "group_by",
      message,
    ),
  ];
}
