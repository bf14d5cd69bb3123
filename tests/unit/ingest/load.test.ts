import { expect, it } from "vitest";
import { fitsWith, joined, type Load } from "@/lib/ingest/load";
import { maskerOf } from "@/lib/masking/masker";
import { DEFAULT_POLICY } from "@/lib/masking/schema";

const masker = maskerOf(DEFAULT_POLICY, "masked");
const toolOf = () => undefined;
const AT = new Date("2026-11-20T12:00:00Z");

function load(ids: string[], fields: Partial<Load> = {}, events = 1): Load {
  const sessions = ids.map((sessionId) => ({
    ...{ sessionId, versions: [], threads: new Map() },
    events: Array.from({ length: events }, () => ({}) as never),
  }));
  return {
    origin: { workspace: "default", connectionId: "", source: "push", sender: ids[0] ?? "" },
    grouped: { sessions, loose: [], releases: [], repeated: 0 },
    ...{ rejected: [], masking: { masker, toolOf }, now: AT },
    ...fields,
  };
}

const first = load(["sesn_a"]);
const origin = first.origin;

it("takes loads of several senders along while they have no session in common", () => {
  expect(fitsWith(load(["sesn_b", "sesn_c"]), [first])).toBe(true);
  expect(fitsWith(load(["sesn_b", "sesn_a"]), [first])).toBe(false);
  expect(fitsWith(load(["sesn_b"]), [first, load(["sesn_b"])])).toBe(false);
});

it.each<[string, Partial<Load>]>([
  ["another workspace", { origin: { ...origin, workspace: "other" } }],
  ["another connection", { origin: { ...origin, connectionId: "conn_a" } }],
  ["another source", { origin: { ...origin, source: "import" } }],
  ["other masking", { masking: { masker: maskerOf(DEFAULT_POLICY, "full"), toolOf } }],
  ["no masking at all", { masking: null }],
])("keeps what is of %s apart", (_, fields) => {
  expect(fitsWith(load(["sesn_b"], fields), [first])).toBe(false);
  expect(fitsWith(first, [load(["sesn_b"], fields)])).toBe(false);
});

it("keeps what has more than sessions apart, and rules that need the request's own calls", () => {
  const loose = { ...load(["sesn_b"]).grouped, loose: [{} as never] };
  const releases = { ...load(["sesn_b"]).grouped, releases: [{} as never] };
  const output = { ...masker, hasOutputRules: true };
  const masking = { masker: output, toolOf };
  expect(fitsWith(load(["sesn_b"], { grouped: loose }), [first])).toBe(false);
  expect(fitsWith(load(["sesn_b"], { grouped: releases }), [first])).toBe(false);
  expect(fitsWith(load(["sesn_b"], { masking }), [load(["sesn_a"], { masking })])).toBe(false);
});

it("stays small", () => {
  const many = Array.from({ length: 16 }, (_, at) => load([`sesn_${at}`]));
  expect(fitsWith(load(["sesn_b"]), many.slice(1))).toBe(true);
  expect(fitsWith(load(["sesn_b"]), many)).toBe(false);
  expect(fitsWith(load(["sesn_b"], {}, 249), [first])).toBe(true);
  expect(fitsWith(load(["sesn_b"], {}, 250), [first])).toBe(false);
});

it("joins them in the order in which sessions are locked, at the last one's time", () => {
  const later = new Date(AT.getTime() + 1_000);
  const one = joined([load(["sesn_c"]), load(["sesn_a"], { now: later }), load(["sesn_b"])]);
  expect(one.grouped.sessions.map(({ sessionId }) => sessionId)).toEqual([
    "sesn_a",
    "sesn_b",
    "sesn_c",
  ]);
  expect(one.now).toEqual(later);
});
