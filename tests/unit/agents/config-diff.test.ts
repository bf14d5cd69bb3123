import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { configDiff } from "@/lib/agents/config-diff";
import { type Json, signatureOf } from "@/lib/agents/config-parts";
import { textDiff } from "@/lib/agents/text-diff";

const policy = (type: string) => ({ permission_policy: { type } });
const builtins = (configs: Json[], enabled = false) => ({
  type: "agent_toolset_20260401",
  default_config: { enabled, ...policy("always_allow") },
  configs,
});
const tool = (name: string, type = "always_allow", more: Json = {}) => ({
  ...{ name, type: name, enabled: true },
  ...policy(type),
  ...more,
});
const base: Json = {
  id: "agent_A",
  version: 3,
  model: { id: "claude-sonnet-5", effort: { type: "medium" } },
  system: "Be brief.\nBe kind.",
  tools: [builtins([tool("bash", "always_ask"), tool("read")])],
  mcp_servers: [{ name: "github", type: "url", url: "https://mcp.github.example" }],
  skills: [{ type: "custom", skill_id: "reports", version: 2 }],
  multiagent: null,
};
const changed = (fields: Json) =>
  configDiff(base, { ...base, version: 4, ...fields }).map(
    ({ area, what, change, from, to }) => `${area} | ${what} | ${change}: ${from} → ${to}`,
  );

describe("what differs between two configurations", () => {
  test.each<[string, Json, string[]]>([
    ["nothing but the version", {}, []],
    [
      "model and effort, the model first",
      { model: { id: "claude-opus-5", effort: { type: "high" }, speed: "fast" } },
      [
        "model | Model | changed: claude-sonnet-5 → claude-opus-5",
        "model | Effort | changed: medium → high",
        "model | Speed | added: null → fast",
      ],
    ],
    [
      "a model by its name alone",
      { model: "claude-sonnet-5" },
      ["model | Effort | removed: medium → null"],
    ],
    [
      "tools and what they may do",
      { tools: [builtins([tool("bash"), tool("write"), { ...tool("read"), enabled: false }])] },
      [
        "tools | bash | changed: always ask → always allow",
        "tools | read | removed: always allow → null",
        "tools | write | added: null → always allow",
      ],
    ],
    [
      "a whole set that is on, but for one tool",
      { tools: [builtins([{ ...tool("bash"), enabled: false }], true)] },
      [
        "tools | all other built-in tools | added: null → always allow",
        "tools | bash | changed: always ask → off",
        "tools | read | removed: always allow → null",
      ],
    ],
    [
      "an own tool is told once, whatever there is within",
      {
        tools: [
          ...(base.tools as Json[]),
          { type: "custom", name: "refund", input_schema: { type: "object", required: ["id"] } },
        ],
      },
      ["tools | refund | added: null → custom tool"],
    ],
    [
      "MCP servers and skills",
      {
        mcp_servers: [{ name: "slack", type: "url", url: "https://mcp.slack.example" }],
        skills: [{ type: "custom", skill_id: "reports", version: 3 }],
      },
      [
        "mcp_servers | github | removed: https://mcp.github.example → null",
        "mcp_servers | slack | added: null → https://mcp.slack.example",
        "skills | reports | changed: version 2 → version 3",
      ],
    ],
    [
      "a roster by names and versions, anything else by its path",
      {
        multiagent: {
          type: "coordinator",
          agents: [{ type: "agent", id: "agent_B", name: "scout", version: 2, system: "Look." }],
        },
        execution_identity: { type: "aws_role", role_arn: "arn:1" },
      },
      [
        "other | Roster: scout | added: null → v2",
        "other | execution_identity.role_arn | added: null → arn:1",
        "other | execution_identity.type | added: null → aws_role",
        "other | multiagent.type | added: null → coordinator",
      ],
    ],
  ])("%s", (_, fields, expected) => expect(changed(fields)).toEqual(expected));

  test("details of a tool that stays are told by their paths", () => {
    const own = (description: string) => ({
      tools: [{ type: "custom", name: "refund", description }],
    });
    expect(configDiff(own("Pays back."), own("Pays back at once."))).toMatchObject([
      { what: "refund: description", from: "Pays back.", to: "Pays back at once." },
    ]);
  });

  test("the prompt is told line by line", () => {
    expect(configDiff(base, { ...base, system: "Be brief.\nBe fair.\n" })).toEqual([
      {
        ...{ area: "system", what: "System prompt", change: "changed" },
        ...{ from: "18 characters", to: "19 characters" },
        lines: [
          { kind: "same", text: "Be brief." },
          { kind: "removed", text: "Be kind." },
          { kind: "added", text: "Be fair." },
        ],
      },
    ]);
  });
});

describe("what overrides can change", () => {
  test.each<[string, Json, boolean]>([
    ["the model", { model: { id: "claude-opus-5" } }, false],
    ["the prompt", { system: "Be long." }, false],
    ["a permission", { tools: [builtins([tool("bash"), tool("read")])] }, false],
    [
      "the order of tools does not matter",
      { tools: [builtins([tool("read"), tool("bash", "always_ask")])] },
      true,
    ],
    [
      "a roster is no override",
      { multiagent: { agents: [{ type: "agent", name: "x", version: 2 }] } },
      true,
    ],
    ["nor are name and dates", { name: "other", updated_at: "2026-11-20T10:00:00Z" }, true],
  ])("%s", (_, fields, same) => {
    expect(signatureOf({ ...base, ...fields }) === signatureOf(base)).toBe(same);
  });
});

describe("a text line by line", () => {
  const lines = (count: number) => Array.from({ length: count }, (_, at) => `line ${at}`);

  test("long unchanged stretches are folded, short ones are not", () => {
    const before = lines(30);
    const after = before.with(15, "changed");
    expect(textDiff(before.join("\n"), after.join("\n"))).toEqual([
      { kind: "skipped", lines: 12 },
      ...lines(15)
        .slice(12)
        .map((text) => ({ kind: "same", text })),
      { kind: "removed", text: "line 15" },
      { kind: "added", text: "changed" },
      ...lines(19)
        .slice(16)
        .map((text) => ({ kind: "same", text })),
      { kind: "skipped", lines: 11 },
    ]);
    expect(textDiff("a\nb", "a\nc")).toHaveLength(3);
  });

  test("both texts can be read out of it, whatever they are", () => {
    const text = fc
      .array(fc.constantFrom("a", "b", "", "c d", "\t"), { maxLength: 12 })
      .map((all) => all.join("\n"));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const read = (kind: "removed" | "added") =>
          textDiff(before, after).reduce(
            (sum, line) =>
              sum +
              (line.kind === "skipped"
                ? line.lines
                : line.kind === kind || line.kind === "same"
                  ? 1
                  : 0),
            0,
          );
        const count = (whole: string) =>
          whole === "" ? 0 : whole.replace(/\n$/, "").split("\n").length;
        expect(read("removed")).toBe(count(before));
        expect(read("added")).toBe(count(after));
      }),
    );
  });

  test("texts that have nothing in common are told whole", () => {
    const [before, after] = [lines(1500), lines(1500).map((line) => `new ${line}`)];
    const kinds = textDiff(before.join("\n"), after.join("\n")).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === "removed")).toHaveLength(1500);
    expect(kinds.filter((kind) => kind === "added")).toHaveLength(1500);
  });
});
