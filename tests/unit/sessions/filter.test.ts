import { describe, expect, it } from "vitest";
import {
  apiParams,
  chipsOf,
  cleared,
  isFilter,
  listKey,
  listParams,
} from "@/components/sessions/filter";
import { readQuery } from "@/lib/http/query";
import { SessionsQuery } from "@/lib/sessions/query-schema";

const url = (text: string) => new URLSearchParams(text);

describe("the list's part of the URL", () => {
  it.each([
    ["outcome", true],
    ["metadata.tenant", true],
    ["metadata.", false],
    ["q", true],
    ["sort", false],
    ["range", false],
    ["preview", false],
  ])("%s is a filter: %s", (name, is) => expect(isFilter(name)).toBe(is));

  it("is the same text for the same filter, however it was put together", () => {
    const one = listKey(url("outcome=refused&agent=a&outcome=completed&range=7d&preview=sesn_1"));
    const other = listKey(url("range=7d&outcome=completed&outcome=refused&agent=a"));
    expect(one).toBe(other);
  });

  it("tells ranges apart, and empty filters not at all", () => {
    expect(listKey(url("range=7d"))).not.toBe(listKey(url("range=1h")));
    expect(listKey(url("q=&agent="))).toBe("");
  });

  it("becomes what the API reads", () => {
    const params = url(
      "outcome=refused&metadata.tenant=acme&min_cost_nanos=5&failed=true&sort=cost&q=x&preview=1",
    );
    const api = apiParams(listParams(params), { fromMs: 0, toMs: 1000 }, false);
    const query = SessionsQuery.parse(readQuery(`http://x/?${api}`));
    expect(query).toMatchObject({
      outcome: ["refused"],
      metadata: { tenant: "acme" },
      min_cost_nanos: 5,
      failed: true,
      sort: "cost",
      order: "desc",
      q: "x",
      from: "1970-01-01T00:00:00.000000Z",
      to: "1970-01-01T00:00:01.000000Z",
    });
  });

  it("leaves the end open while the range moves with the clock, and both ends for all time", () => {
    expect(apiParams(url(""), { fromMs: 0, toMs: 1000 }, true).has("to")).toBe(false);
    expect([...apiParams(url(""), null, true).keys()]).toEqual([]);
  });
});

describe("chips", () => {
  const nameOf = (facet: string, value: string) =>
    facet === "agent" && value === "agent_1" ? "triage" : value;

  it("say every filter in words", () => {
    const params = url(
      "outcome=retries_exhausted&outcome=waiting&agent=agent_1&metadata.tenant=acme&min_cost_nanos=500000000&min_duration_ms=90000&max_duration_ms=120000&sandbox=false&config=0123456789ab&by=settled&q=x",
    );
    expect(chipsOf(params, nameOf).map(({ name, words }) => [name, words])).toEqual([
      ["outcome", "Retries exhausted, Waiting"],
      ["agent", "triage"],
      ["metadata.tenant", "acme"],
      ["min_cost_nanos", "$0.500"],
      ["min_duration_ms", "1 min 30 s"],
      ["max_duration_ms", "2 min"],
      ["sandbox", "not used"],
      ["config", "01234567"],
      ["by", "Settled"],
    ]);
  });

  it("go all at once, and nothing else does", () => {
    expect(cleared(url("outcome=waiting&q=x&metadata.tenant=acme&range=7d&sort=cost"))).toEqual({
      outcome: null,
      q: null,
      "metadata.tenant": null,
    });
  });
});
