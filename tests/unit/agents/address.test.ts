import { describe, expect, test } from "vitest";
import { addressOf, listKeyOf, sortingUrl } from "@/components/agents/address";
import { comparedIn } from "@/components/agents/agent-address";
import { agentsShown } from "@/components/metrics/asked";
import { NO_FIGURES } from "@/lib/agents/figures";
import type { VersionItem } from "@/lib/agents/schema";
import { markerGroups } from "@/lib/series";

const url = (text: string) => new URLSearchParams(text);

test("what makes no sense in the catalogue's URL is left out", () => {
  expect(addressOf(url("sort=cost&order=asc&q=x"))).toEqual({ q: "x", sort: "cost", order: "asc" });
  expect(addressOf(url("sort=colour&order=up"))).toEqual({
    q: "",
    sort: "sessions",
    order: "desc",
  });
  expect(listKeyOf(url("sort=sessions&range=7d"))).toBe(listKeyOf(url("range=7d")));
  expect(sortingUrl("sessions", "desc")).toEqual({ sort: null, order: null });
});

describe("which versions are compared", () => {
  const versions = [4, 3, 2, 1].map(
    (version): VersionItem => ({
      ...NO_FIGURES,
      ...{ version: `${version}`, sessions: version === 4 ? 0 : 5, model: null, effort: null },
      ...{ published_at: null, first_used_at: null, last_used_at: null },
      ...{ overridden: 0, own_by: null, override_configs: [] },
    }),
  );
  test.each([
    ["the newest that ran with the one before it", "", { base: "2", version: "3" }],
    ["those of the URL", "base=1&version=4", { base: "1", version: "4" }],
    ["the newest with the one named", "base=1", { base: "1", version: "3" }],
    ["the one named with the one before it", "version=2", { base: "1", version: "2" }],
    ["the first with the next best", "version=1", { base: "3", version: "1" }],
    ["not one with itself", "base=3&version=3", { base: "2", version: "3" }],
    ["nothing that is not there", "base=9&version=8", { base: "2", version: "3" }],
  ])("%s", (_, params, pair) => expect(comparedIn(url(params), { versions })).toEqual(pair));

  test("none where there is one", () => {
    expect(comparedIn(url(""), { versions: versions.slice(0, 1) })).toBeNull();
  });
});

test.each([
  ["agent=a&agent=b", "meter", ["a", "b"]],
  ["", "agent_version", ["x"]],
  ["", "model", []],
])("markers with %j by %s are of %j", (params, by, agents) => {
  const drawn = [{ labels: { agent: "x" } }, { labels: { agent: "x" } }, { labels: { agent: "" } }];
  expect(agentsShown(url(params), by, drawn)).toEqual(agents);
});

describe("markers on a chart", () => {
  const at = (...times: number[]) => ({
    ...{ fromMs: 0, toMs: 1000 },
    markers: times.map((atMs) => ({ atMs, name: null, label: `v${atMs}` })),
  });
  test.each([
    ["those outside are left out", at(-5, 500, 1500), ["v500"]],
    ["near ones share a label", at(500, 560, 700), ["v500, v560", "v700"]],
    ["a crowd is counted", at(510, 500, 505, 503), ["v500, v503, +2"]],
    ["none", { fromMs: 0, toMs: 1000 }, []],
  ])("%s", (_, data, labels) => {
    expect(markerGroups(data).map(({ label }) => label)).toEqual(labels);
  });

  test("what they are about is said once", () => {
    const marker = (atMs: number, name: string) => ({ atMs, name, label: `v${atMs}` });
    const labelOf = (...markers: ReturnType<typeof marker>[]) =>
      markerGroups({ fromMs: 0, toMs: 1000, markers })[0]?.label;
    expect(labelOf(marker(1, "triage"), marker(2, "triage"))).toBe("triage v1, v2");
    expect(labelOf(marker(1, "triage"), marker(2, "review"))).toBe("triage v1, review v2");
  });
});
