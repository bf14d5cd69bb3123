import { expect, test } from "vitest";
import { lineOf } from "@/lib/ingest/line";

const deep = `${"[".repeat(50_000)}${"]".repeat(50_000)}`;

test.each([
  ["a session", { kind: "session", data: { id: "s" } }, '{"kind":"session","data":{"id":"s"}}'],
  [
    "an event, with what names its place, whatever that is",
    { kind: "event", sessionId: 7, threadId: null, data: "x" },
    '{"kind":"event","session_id":7,"session_thread_id":null,"data":"x"}',
  ],
  ["an event without anything", { kind: "event" }, '{"kind":"event"}'],
] as const)("%s", (_, item, line) => {
  const rest = { sessionId: undefined, threadId: undefined, data: undefined };
  expect(lineOf({ ...rest, ...item })).toBe(line);
});

test("what nests deeper than the engine writes keeps its neighbours, too", () => {
  const text = `{"a":[1,"\\u0000",null,{}],"b":${deep},"__proto__":{"c\\"":[]},"d":true}`;
  const data: unknown = JSON.parse(text);
  expect(() => JSON.stringify(data)).toThrow(RangeError);
  const item = { kind: "agent", sessionId: null, threadId: null, data } as const;
  expect(lineOf(item)).toBe(`{"kind":"agent","data":${text}}`);
});
