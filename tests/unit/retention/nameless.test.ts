import { expect, it } from "vitest";
import { NoticeContent } from "@/lib/notify/schema";
import {
  isNamed,
  isTold,
  keyWithout,
  type Names,
  needlesOf,
  queryWithout,
  withoutNames,
  withoutWords,
} from "@/lib/retention/nameless";

const ID = "sesn_0123456789";
const names = (own: Partial<Names> = {}): Names => ({
  ...{ ids: new Map([[ID, "erased:1"]]), value: null, groups: new Set() },
  ...own,
});
const called = (...ids: string[]) => names({ ids: new Map(ids.map((id) => [id, "erased:1"])) });
const ada = names({ value: { key: "user", value: "ada", name: "erased:2" } });

const content = NoticeContent.parse({
  rule: { id: "rule_1", name: "Failures", kind: "session", version: 1 },
  labels: { session: "operator", team: "operator" },
  names: { operator: "Operator" },
  ...{ severity: "critical", status: "firing", close_reason: null, unit: "nanodollars" },
  ...{ opened_at: "2026-11-20T12:00:00Z", closed_at: null, at: "2026-11-20T12:00:00Z" },
  ...{ value: 5, numerator: null, denominator: null, threshold: 4, flapping: false, late: false },
  ...{ condition: "cost of a session", summary: "operator is dear", description: null },
  ...{ runbook_url: null, session_count: 1, course: [], health: null, channels: ["operator"] },
  sessions: [{ id: "operator", outcome: "completed", cost_nanos: 5 }],
});

it("leaves keys and fixed words as they are, whatever a session is called", () => {
  const hostile = ["severity", "critical", "operator", "completed", "firing", "nanodollars"];
  const now = withoutNames(content, called(...hostile, ": false, ", "rule_1"));
  expect(NoticeContent.parse(now)).toEqual({
    ...content,
    labels: { session: "erased:1", team: "operator" },
    sessions: [{ ...content.sessions[0], id: "erased:1" }],
    // Beside it stands that it is of the session: there a word is its name.
    summary: "erased is dear",
  });
});

it("takes an id out of words where it stands by itself, and out of no other", () => {
  const text = `${ID}: see /sessions/${ID}?x, not ${ID}0 nor x${ID}`;
  expect(withoutWords(text, names())).toBe(`erased: see /sessions/erased?x, not ${ID}0 nor x${ID}`);
  // Anybody may use a word.
  expect(withoutWords("the operator is open", called("operator", "open"))).toBe(
    "the operator is open",
  );
  const odd = 'with "quotes" 1';
  expect(withoutWords(`an ${odd}, and ${JSON.stringify({ odd })}`, called(odd))).toBe(
    'an erased, and {"odd":"erased"}',
  );
});

it.each<[string, object, object]>([
  ["a label", { labels: { "metadata.user": "ada" } }, { labels: { "metadata.user": "erased:2" } }],
  [
    "another's label",
    { labels: { "metadata.team": "ada" } },
    { labels: { "metadata.team": "ada" } },
  ],
  [
    "a filter",
    { filters: { "metadata.user": ["ada", "bob"] } },
    { filters: { "metadata.user": ["erased:2", "bob"] } },
  ],
  [
    "a query",
    { metadata: { user: "ada", team: "ada" } },
    { metadata: { user: "erased:2", team: "ada" } },
  ],
  [
    "a budget",
    { scope: "metadata.user", value: "ada" },
    { scope: "metadata.user", value: "erased:2" },
  ],
  ["a subject", { key: "user", value: "ada" }, { key: "user", value: "erased:2" }],
  [
    "matchers",
    {
      matchers: [
        { name: "metadata.user", op: "=~", value: "ada|adam" },
        { name: "team", op: "=", value: "ada" },
      ],
    },
    {
      matchers: [
        { name: "metadata.user", op: "=~", value: "erased:2|adam" },
        { name: "team", op: "=", value: "ada" },
      ],
    },
  ],
  [
    "words beside its label",
    { labels: { "metadata.user": "ada" }, summary: "ada is dear" },
    { labels: { "metadata.user": "erased:2" }, summary: "erased is dear" },
  ],
  ["words of others", { summary: "ada is dear" }, { summary: "ada is dear" }],
])("takes a value out of %s", (_, was, is) => {
  expect(withoutNames(was, ada)).toEqual(is);
});

it("takes the words out of a group of errors", () => {
  const key = "session\tunknown_error\t\t\tquokkas";
  const gone = names({ groups: new Set([key]) });
  expect(withoutNames({ filters: { error_group: [key, "other"] } }, gone)).toEqual({
    filters: { error_group: ["session\tunknown_error\t\t\t", "other"] },
  });
});

it("names groups of alerts anew as their labels are", () => {
  const key = (value: string) => JSON.stringify(["route_1", "metadata.user", value, "team", "ada"]);
  expect(keyWithout(key("ada"), ada)).toBe(key("erased:2"));
  expect(keyWithout(`fallback:chan_1:${key("ada")}+60000`, ada)).toBe(
    `fallback:chan_1:${key("erased:2")}+60000`,
  );
  expect(keyWithout("storm", ada)).toBe("storm");
});

it("knows lists that ask for it, and items that tell of it", () => {
  expect(queryWithout("metadata.user=ada&outcome=failed", ada)).toBe(
    "metadata.user=erased%3A2&outcome=failed",
  );
  expect(queryWithout("metadata.team=ada&q=a+b", ada)).toBe("metadata.team=ada&q=a+b");
  expect(queryWithout(`q=${ID}`, names())).not.toContain(ID);
  expect(isTold('{"data":{"metadata":{"user":"ada"}}}', ada)).toBe(true);
  expect(isTold('{"data":{"metadata":{"team":"ada"},"value":"ada"}}', ada)).toBe(false);
  expect(isTold(`{"x":["of ${ID}"]}`, names())).toBe(true);
  expect(isTold(`{"x": ${ID}`, names())).toBe(true);
  expect(isTold('{"status":"operator"}', called("operator"))).toBe(false);
  expect(isNamed("talk to ada", ada)).toBe(false);
  expect(isNamed(`talk of ${ID}`, names())).toBe(true);
});

it("looks for a short name as a whole", () => {
  expect(needlesOf(ada)).toContain('"ada"');
  expect(needlesOf(ada)).not.toContain("ada");
  expect(needlesOf(ada, true)).toContain("ada");
  const groups = new Set(["tool\t\tbash\t\tno such file", "tool\t\tread\t\tquokkas"]);
  expect(needlesOf(names({ ids: new Map(), groups }))).toEqual(["tool\\t"]);
});
