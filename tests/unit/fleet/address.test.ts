import { describe, expect, test } from "vitest";
import {
  addressOf,
  listKeyOf,
  listParamsOf,
  rangeParams,
  rowKey,
  sortedBy,
} from "@/components/fleet/address";
import { isOpen, networkOf } from "@/lib/fleet/network";

const NOW = Date.parse("2026-11-25T10:00:00Z");
const params = (text: string) => new URLSearchParams(text);

describe("the page's URL", () => {
  test.each([
    ["", { kind: "agents", q: "", sort: "advice", order: "desc" }],
    ["kind=nothing&sort=colour&order=up", { kind: "agents", sort: "advice", order: "desc" }],
    ["kind=deployments&q=a+b&sort=cost&order=asc", { q: "a b", sort: "cost" }],
  ])("%j", (text, expected) => {
    expect(addressOf(params(text))).toMatchObject(expected);
  });

  test("what says nothing makes no other list, another range does", () => {
    expect(listKeyOf(params("kind=agents"))).toBe(listKeyOf(params("")));
    expect(listKeyOf(params("range=7d"))).not.toBe(listKeyOf(params("")));
  });

  test("a range that ends now stays open, all time has no start", () => {
    expect(rangeParams(params("range=1h"), NOW).toString()).toBe(
      "from=2026-11-25T09%3A00%3A00.000Z",
    );
    expect(rangeParams(params("range=all"), NOW).toString()).toBe("");
    const fixed = "from=2026-11-20T00:00:00.000Z&to=2026-11-21T00:00:00.000Z";
    expect(listParamsOf(params(`${fixed}&q=x`), NOW).toString()).toBe(
      params(`${fixed}&q=x&sort=advice&order=desc`).toString(),
    );
  });

  test.each([
    ["name", "advice", "desc", { sort: "name", order: "asc" }],
    ["name", "name", "asc", { sort: "name", order: null }],
    ["cost", "advice", "desc", { sort: "cost", order: null }],
    ["cost", "cost", "desc", { sort: "cost", order: "asc" }],
    ["advice", "cost", "asc", { sort: null, order: null }],
  ] as const)("choosing %s at %s %s", (next, sort, order, expected) => {
    expect(sortedBy(next, { sort, order })).toEqual(expected);
  });

  test("one id in two connections is two rows", () => {
    expect(rowKey({ id: "agent_A", connection_id: null })).toBe("agent_A");
    expect(rowKey({ id: "agent_A", connection_id: "conn_1" })).not.toBe("agent_A");
  });
});

describe("what an environment may reach", () => {
  const limited = { type: "limited", allowed_hosts: ["a.com", 7], allow_package_managers: true };
  test.each<[string, unknown, object]>([
    ["nothing is known", null, { kind: "unknown" }],
    ["a kind of later", { type: "orbital" }, { kind: "unknown" }],
    ["self-hosted", { type: "self_hosted" }, { kind: "own" }],
    ["anything", { type: "cloud", networking: { type: "unrestricted" } }, { kind: "unrestricted" }],
    [
      "some hosts",
      { type: "cloud", networking: limited },
      { kind: "limited", allowed_hosts: ["a.com"], mcp_servers: false, package_managers: true },
    ],
  ])("%s", (_, config, expected) => {
    expect(networkOf(config)).toEqual(expected);
    expect(isOpen(networkOf(config))).toBe("kind" in expected && expected.kind === "unrestricted");
  });
});
