import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cardLength, isIban, isPhone } from "@/lib/masking/checks";
import { type Hits, masked, maskedLine, maskerOf } from "@/lib/masking/masker";
import { follow, parsePath, type Trail } from "@/lib/masking/path";
import { faultOf } from "@/lib/masking/rules";
import type { MaskingMode, MaskingRule } from "@/lib/masking/schema";
import { tested } from "@/lib/masking/tested";
import { DISGUISED, SECRETS } from "../../support/secrets";

const ALL = { email: true, phone: true, credit_card: true, iban: true, us_ssn: true };

function maskerWith(rules: MaskingRule[] = [], builtin = {}, mode: MaskingMode = "masked") {
  return maskerOf({ builtin, rules }, mode);
}

function lineOf(text: string, builtin: Record<string, boolean> = ALL) {
  const hits: Hits = new Map();
  return { text: maskedLine(maskerWith([], builtin), text, hits), hits: [...hits] };
}

describe("built-in rules", () => {
  it.each(SECRETS)("mask %s: %s", (rule, secret) => {
    const { text, hits } = lineOf(`before ${secret} after`);
    expect(text).toBe(`before [masked:${rule}] after`);
    expect(hits).toEqual([[rule, 1]]);
  });

  it.each(SECRETS)("find %s in JSON that could not be read", (rule, secret) => {
    const json = JSON.stringify({ a: `line\n${secret}\nline` }).slice(0, -1);
    const { text } = lineOf(json);
    expect(text).toContain(`[masked:${rule}]`);
    expect(text).not.toContain(JSON.stringify(secret).slice(1, -1));
  });

  it.each(DISGUISED)("mask %s, however it is written: %j", (rule, text, secret) => {
    const { text: left, hits } = lineOf(`before ${text} after`, {});
    expect(left).not.toContain(secret);
    expect(left).toMatch(/^before .*\[masked:\w+\].* after$/);
    expect(hits.map(([name]) => name)).toContain(rule);
    expect(lineOf(left, {})).toEqual({ text: left, hits: [] });
  });

  it.each(DISGUISED)(
    "find %s in an item, and in one that could not be read: %j",
    (_, text, secret) => {
      const payload = { type: "user.message", id: "1", content: [{ type: "text", text }] };
      const json = JSON.stringify(payload);
      const kept = masked(maskerWith(), { kind: "event", payload, json }, new Map());
      expect(JSON.stringify(kept)).not.toContain(JSON.stringify(secret).slice(1, -1));
      expect(lineOf(json.slice(0, -2), {}).text).not.toContain(secret);
    },
  );

  it.each([
    ["a password in a URL", "postgres://app:hunter2@db/x", "postgres://[masked:url_password]@db/x"],
    [
      "a header",
      "Authorization: Bearer abc123def456ghi789",
      "Authorization: Bearer [masked:bearer_token]",
    ],
    [
      "an AWS secret",
      "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
      "aws_secret_access_key = [masked:aws_key]",
    ],
    [
      "a coloured token",
      "\u001b[32mghp_abcdefghijklmnopqrstuvwxyz0123456789\u001b[0m ok",
      "\u001b[32m[masked:github_token]\u001b[0m ok",
    ],
    [
      "a URL within a URL",
      "?next=postgres%3A%2F%2Fapp%3Ahunter2%40db%2Fx",
      "?next=postgres%3A%2F%2F[masked:url_password]%40db%2Fx",
    ],
    [
      "a header's value",
      "-H 'x-api-key: a1b2c3d4' -d 1",
      "-H 'x-api-key: [masked:named_key]' -d 1",
    ],
    ["a key that is cut off", "-----BEGIN PRIVATE KEY-----\nMIIE", "[masked:private_key]"],
  ])("mask no more than %s", (_, text, expected) => {
    expect(lineOf(text).text).toBe(expected);
  });

  it.each([
    "the task-scheduler-component-name-without-digits",
    "https://example.com:8080/a@b",
    "the bearer of this certificate",
    "Authorization: basic understanding, basic JavaScript, a basic authentication",
    "api_key: process.env.API_KEY_2 or config.api_key, the api key of x-api-key: $KEY",
    "100%25 of \u001b[32mdesk-top\u001b[0m things, 3%20 and \\u0041",
    "task-management-system-for-2026-and-later",
    "2026-11-26 10:00:00, 1234567890, 10.0.0.12, v1.2.3",
    "4111 1111 1111 1112",
    "DE89370400440532013001",
    "000-12-3456",
    "sesn_01PoLyXtMEvXLpqyH1BZxyGj",
  ])("leave %s alone", (text) => {
    expect(lineOf(text)).toEqual({ text, hits: [] });
  });

  it("leave personal data alone until they are switched on", () => {
    expect(lineOf("ada@example.com", {}).text).toBe("ada@example.com");
  });

  it("check digits", () => {
    expect([cardLength("4242-4242-4242-4242"), cardLength("0000000000000000")]).toEqual([19, 0]);
    expect(cardLength("4111 1111 1111 1111 422")).toBe(19);
    expect([isIban("GB82 WEST 1234 5698 7654 32"), isIban("GB83WEST12345698765432")]).toEqual([
      true,
      false,
    ]);
    expect([isPhone("+44 20 7946 0958"), isPhone("20261126100000")]).toEqual([true, false]);
  });
});

const RULES: MaskingRule[] = [
  { kind: "pattern", name: "customer", pattern: "CUST-[0-9]+" },
  { kind: "path", name: "pin", path: "$..pin" },
  { kind: "path", name: "why", path: "$.error" },
  { kind: "tool", name: "crm", tool: "crm_*", input: true, output: true },
  { kind: "metadata", name: "person", key: "user*" },
];

function payloadOf(payload: Record<string, unknown>, { tool }: { tool?: string | null } = {}) {
  const hits: Hits = new Map();
  const kind = String(payload.type).includes(".") ? "event" : "session";
  const result = masked(
    maskerWith(RULES),
    { kind, payload, ...(tool === undefined ? {} : { tool }) },
    hits,
  );
  return { result, hits: Object.fromEntries(hits) };
}

describe("people's rules", () => {
  it("replace what a pattern finds, names of members included", () => {
    const payload = {
      type: "agent.tool_use",
      id: "CUST-1",
      name: "CUST-2",
      input: { "CUST-3": "a CUST-4" },
    };
    expect(payloadOf(payload)).toEqual({
      result: {
        ...payload,
        input: { "[masked:customer]": "a [masked:customer]" },
        _masking: { bytes: { input: 21 } },
      },
      hits: { customer: 2 },
    });
  });

  it("replace what a path names, whatever it is", () => {
    const { result } = payloadOf({
      type: "agent.tool_use",
      id: "a",
      name: "t",
      input: { a: [{ pin: 1234 }] },
    });
    expect(result.input).toEqual({ a: [{ pin: "[masked:pin]" }] });
  });

  it("look through a type that is a tool's own, and leave that of a block", () => {
    const key = "sk_live_abcdefghijklmnopqrstuvwx";
    const { result } = payloadOf({
      ...{ type: "agent.tool_use", id: "a", name: "t" },
      input: { type: key, items: [{ type: "text", text: "x" }] },
    });
    expect(JSON.stringify(result)).not.toContain(key);
    expect(result.input).toMatchObject({ items: [{ type: "text" }] });
  });

  it("leave of a structure what the fold needs", () => {
    const error = {
      type: "overloaded_error",
      message: "busy",
      retry_status: { type: "exhausted" },
    };
    const { result } = payloadOf({ type: "session.error", id: "a", error });
    expect(result.error).toEqual({ ...error, message: "[masked:why]" });
  });

  it.each([
    [
      "crm_read",
      { content: [{ type: "text", text: "[masked:crm]" }], _masking: { bytes: { content: 28 } } },
    ],
    ["bash", { content: [{ type: "text", text: "x" }] }],
    [
      null,
      { content: [{ type: "text", text: "[masked:crm]" }], _masking: { bytes: { content: 28 } } },
    ],
  ])("take the output of %s", (tool, expected) => {
    const payload = {
      type: "agent.tool_result",
      id: "r",
      tool_use_id: "u",
      content: [{ type: "text", text: "x" }],
    };
    expect(payloadOf(payload, { tool }).result).toEqual({ ...payload, ...expected });
  });

  it("take metadata by its key", () => {
    const session = { type: "session", id: "s", metadata: { user_name: "Ada", team: "core" } };
    expect(payloadOf(session).result.metadata).toEqual({
      user_name: "[masked:person]",
      team: "core",
    });
  });

  it.each<[MaskingRule, string]>([
    [{ kind: "pattern", name: "a", pattern: "(" }, "rules.0.pattern"],
    [{ kind: "pattern", name: "a", pattern: "(?=x)y" }, "rules.0.pattern"],
    [{ kind: "pattern", name: "a", pattern: "x*" }, "rules.0.pattern"],
    [{ kind: "path", name: "a", path: "$.a..[" }, "rules.0.path"],
    [{ kind: "pattern", name: "aws_key", pattern: "x" }, "rules.0.name"],
    [{ kind: "tool", name: "a", tool: "x", input: false, output: false }, "rules.0.input"],
  ])("are refused where they cannot work: %o", (rule, path) => {
    expect(faultOf([rule])).toMatchObject({ path });
  });
});

describe("paths", () => {
  const at = (path: string, ...members: (string | number)[]) => {
    let trails: readonly Trail[] = [{ rule: "r", steps: parsePath(path) ?? [] }];
    let ends: string | null = null;
    for (const member of members) ({ trails, ends } = follow(trails, member));
    return ends === "r";
  };
  it.each([
    ["$.input.password", ["input", "password"], true],
    ["input.password", ["input", "password"], true],
    ["$.input.password", ["input", "other"], false],
    ["$..token", ["a", 0, "b", "token"], true],
    ["content[*].text", ["content", 3, "text"], true],
    ["content[0].text", ["content", 1, "text"], false],
    ["$['a b'].*", ["a b", "c"], true],
  ] as const)("%s at %j: %s", (path, members, expected) => {
    expect(at(path, ...members)).toBe(expected);
  });
  it.each(["", "$", "a b", "a.", "[", "$a", "..", "a[x]"])("no path: %j", (path) => {
    expect(parsePath(path)).toBeNull();
  });
});

const secret = fc.constantFrom(
  ...SECRETS.map(([, text]) => text),
  ...DISGUISED.map(([, text]) => text),
  "CUST-77",
  "[masked:x",
  "[not kept: 3 bytes]",
);
const text = fc
  .array(fc.oneof(secret, fc.string({ maxLength: 8 })), { maxLength: 6 })
  .map((parts) => parts.join(" "));
const { content } = fc.letrec((tie) => ({
  content: fc.oneof(
    { maxDepth: 3 },
    text,
    fc.integer(),
    fc.array(tie("content"), { maxLength: 3 }),
    fc.dictionary(
      fc.oneof(fc.constantFrom("pin", "type", "__proto__", "text"), text),
      tie("content"),
      { maxKeys: 3 },
    ),
  ),
}));
const payload = fc.record(
  {
    type: fc.constantFrom(
      "user.message",
      "agent.tool_use",
      "agent.tool_result",
      "session.error",
      "x.new",
      "session",
    ),
    id: fc.constant("id_1"),
    name: fc.constantFrom("crm_read", "bash"),
    processed_at: fc.constant("2026-11-20T10:00:00Z"),
    title: text,
    content: fc.oneof(fc.array(fc.record({ type: fc.constant("text"), text })), content),
    input: content,
    metadata: fc.dictionary(text, text, { maxKeys: 3 }),
    error: fc.record({ type: fc.constant("overloaded_error"), message: text }),
    usage: fc.record({ input_tokens: fc.nat() }),
  },
  { requiredKeys: ["type", "id"] },
);

describe.each<MaskingMode>(["masked", "metadata"])("whatever comes, %s", (mode) => {
  const masker = maskerWith(RULES, ALL, mode);
  const once = (value: Record<string, unknown>) =>
    masked(
      masker,
      { kind: String(value.type).includes(".") ? "event" : "session", payload: value },
      new Map(),
    );

  it("is the same when it is masked again", () => {
    fc.assert(
      fc.property(payload, (value) => {
        const first = once(value);
        expect(once(first)).toEqual(first);
        expect(once(JSON.parse(JSON.stringify(first)))).toEqual(JSON.parse(JSON.stringify(first)));
      }),
      { numRuns: 300 },
    );
  });

  it("keeps ids, types, times, usage and tool names, and holds no secret", () => {
    fc.assert(
      fc.property(payload, (value) => {
        const result = once(value);
        for (const key of ["type", "id", "processed_at", "usage"])
          expect(result[key]).toEqual(Reflect.get(value, key));
        if (value.type === "agent.tool_use") expect(result.name).toBe(value.name);
        const kept = JSON.stringify(result);
        for (const [, found] of SECRETS)
          expect(kept).not.toContain(JSON.stringify(found).slice(1, -1));
      }),
      { numRuns: 300 },
    );
  });
});

describe("without content", () => {
  const drop = (value: Record<string, unknown>, kind = "event") =>
    masked(maskerWith([], {}, "metadata"), { kind, payload: value }, new Map());

  it("keeps sizes", () => {
    const value = {
      ...{ type: "agent.tool_use", id: "a", name: "bash", processed_at: "2026-11-20T10:00:00Z" },
      ...{ input: { command: "ls" }, evaluated_permission: "ask", thoughts: "secret" },
    };
    expect(drop(value)).toEqual({
      ...value,
      ...{ input: "[not kept: 16 bytes]", thoughts: "[not kept: 8 bytes]" },
      _masking: { bytes: { input: 16 } },
    });
  });

  it("tells prompts from each other, and keeps what sessions are filed by", () => {
    const agent = { id: "a", name: "triage", model: { id: "claude-opus-5" }, system: "Be kind." };
    const session = {
      id: "s",
      type: "session",
      title: "Ada's invoice",
      agent,
      metadata: { team: "core" },
    };
    const result = drop(session, "session") as typeof session;
    expect(result).toEqual({
      ...session,
      title: null,
      agent: { ...agent, system: expect.stringMatching(/^\[not kept: 10 bytes, [0-9a-f]{8}\]$/) },
    });
    const other = drop(
      { ...session, agent: { ...agent, system: "Be cold." } },
      "session",
    ) as typeof session;
    expect(other.agent.system).not.toBe(result.agent.system);
  });

  it("keeps nothing of a line that could not be read", () => {
    expect(maskedLine(maskerWith([], {}, "metadata"), "Ada's invoice", new Map())).toBe(
      "[not kept: 13 bytes]",
    );
  });
});

it.each([
  ["key AKIAIOSFODNN7EXAMPLE", "text", "key [masked:aws_key]"],
  [
    '{"event":{"type":"user.message","id":"1","content":"AKIAIOSFODNN7EXAMPLE"}}',
    "event",
    '"content": "[masked:aws_key]"',
  ],
  ['{"type":"session","id":"AKIAIOSFODNN7EXAMPLE"}', "session", '"id": "AKIAIOSFODNN7EXAMPLE"'],
  ['{"a":', "text", '{"a":'],
])("tests %s as %s", (text, read_as, expected) => {
  const answer = tested(maskerWith(), text);
  expect(answer.read_as).toBe(read_as);
  expect(answer.output).toContain(expected);
});
