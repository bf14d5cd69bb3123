import { describe, expect, it } from "vitest";
import { eventText, Gathered, readChange } from "@/lib/live/hints";

describe("a message of the channel", () => {
  it.each([
    ['{"workspace":"w","sessions":["a","b"]}', { workspace: "w", sessions: ["a", "b"] }],
    ['{"workspace":"w","sessions":null}', { workspace: "w", sessions: null }],
    ['{"workspace":"w"}', null],
    ['{"workspace":1,"sessions":["a"]}', null],
    ['{"workspace":"w","sessions":"a"}', null],
    ["not JSON", null],
    ["", null],
    ["null", null],
  ])("%s", (text, change) => {
    expect(readChange(text)).toEqual(change);
  });
});

it("is one server-sent event, whatever an id holds", () => {
  expect(eventText("changed", { sessions: ["a\n\nb"] })).toBe(
    'event: changed\ndata: {"sessions":["a\\n\\nb"]}\n\n',
  );
});

describe("what gathers between two hints", () => {
  it("is each session once, and then nothing", () => {
    const gathered = new Gathered();
    expect(gathered.isEmpty).toBe(true);
    gathered.add(["a", "b"]);
    gathered.add(["b", "c"]);
    expect(gathered.isEmpty).toBe(false);
    expect(gathered.take()).toEqual(["a", "b", "c"]);
    expect(gathered.isEmpty).toBe(true);
    expect(gathered.take()).toEqual([]);
  });

  it("is unnamed as soon as one part of it is, or it is too much, until it is taken", () => {
    const gathered = new Gathered();
    gathered.add(["a"]);
    gathered.add(null);
    gathered.add(["b"]);
    expect([gathered.isEmpty, gathered.take(), gathered.take()]).toEqual([false, null, []]);
    gathered.add(Array.from({ length: 100 }, (_, at) => `s${at}`));
    expect(gathered.take()).toHaveLength(100);
    gathered.add(Array.from({ length: 101 }, (_, at) => `s${at}`));
    expect(gathered.take()).toBeNull();
  });
});
