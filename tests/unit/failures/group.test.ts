import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalMessage } from "@/lib/failures/group";
import { groupKey, groupOfKey } from "@/lib/metrics/error-group";

describe("a normal message", () => {
  it.each([
    ["request req_011CZkTbVnQ2 timed out after 30000ms", "request <id> timed out after <n>ms"],
    ["Overloaded", "Overloaded"],
    [
      "ENOENT: no such file or directory, open '/srv/a b/x.json'",
      "ENOENT: no such file or directory, open <value>",
    ],
    ["cat: /var/log/app.log: Permission denied", "cat: <path>: Permission denied"],
    ["cannot read src/lib/index.ts:12:3", "cannot read <path>:<n>:<n>"],
    ["no /runs/run_01abcd2/2026-11-20.log", "no <path>"],
    ["C:\\Users\\me\\x.txt is locked", "<path> is locked"],
    ["can't open it, isn't there", "can't open it, isn't there"],
    ["and/or is not a path", "and/or is not a path"],
    ["HTTP 503 from https://api.example.com/v1/x?y=1", "HTTP 503 from <url>"],
    ["status code 429: 12 of 10 requests", "status code 429: <n> of <n> requests"],
    ["Exit code 127\n/bin/sh: 1: foo: not found", "Exit code 127 <path>: <n>: foo: not found"],
    ["Errors:\n3 rows too many", "Errors: <n> rows too many"],
    [
      'ERROR: column "x" does not exist\nLINE 1: select x from y',
      "ERROR: column <value> does not exist",
    ],
    ["connect ECONNREFUSED 10.0.0.12:5432", "connect ECONNREFUSED <n>:<n>"],
    [
      "at 2026-11-20T10:00:00.123Z the lock of ana@example.com ran out",
      "at <time> the lock of <email> ran out",
    ],
    ["commit 9f2c1ab47 and 0xDEADBEEF", "commit <hex> and <hex>"],
    ["key 3f0c9f2a-1111-4222-8333-9f2c1ab47d01 is taken", "key <id> is taken"],
    ["utf8 and sha256 are kept", "utf8 and sha256 are kept"],
    [
      'Traceback (most recent call last):\n  File "/a/b.py", line 3, in f\nValueError: bad row 12',
      "ValueError: bad row <n>",
    ],
    [
      "TypeError: x is not a function\n    at f (/a/b.js:1:2)\n    at g",
      "TypeError: x is not a function",
    ],
    ["404 Not Found", "404 Not Found"],
    ["500 of 900 rows", "<n> of <n> rows"],
    [
      '{"error": {"type": "gone", "message": "Customer cus_12ab34cd is gone"}}',
      "Customer <id> is gone",
    ],
    ['{"error": "no rows", "rows": 0}', "no rows"],
    ['{"rows": 0, "ok": false}', "{<value>: <n>, <value>: false}"],
    ['{"error": {"error": {}}, "message": ""', "{<value>: {<value>: {}}, <value>: <value>"],
    ["\n \n", ""],
  ])("of %j is %j", (message, normal) => expect(normalMessage(message)).toBe(normal));

  const hex = (length: number) =>
    fc.string({
      unit: fc.constantFrom(..."0123456789abcdef"),
      minLength: length,
      maxLength: length,
    });
  const uuid = fc.uuid();
  const segment = fc.oneof(
    fc.stringMatching(/^[a-z][a-z0-9_-]{0,16}$/),
    fc.constantFrom("2026-11-20", "req_011CZkTbVnQ2", "9f2c1ab47", "0xdead", "app.log", "12", "v2"),
    uuid,
  );
  const path = fc
    .array(segment, { minLength: 1, maxLength: 4 })
    .map((parts) => `/${parts.join("/")}`);
  const value = fc.stringMatching(/^[a-zA-Z0-9 ,.:;_-]{0,20}$/);
  const time = fc
    .date({ min: new Date("2000-01-01"), max: new Date("2100-01-01"), noInvalidDate: true })
    .map((date) => date.toISOString());
  const parts = fc.tuple(
    fc.nat(),
    uuid,
    path,
    value,
    time,
    hex(12).map((text) => `0x${text}`),
  );

  it("is the same whatever ids, numbers, paths, values and times stand in it", () => {
    const written = ([count, id, file, quoted, at, address]: [
      number,
      string,
      string,
      string,
      string,
      string,
    ]) => `${count} of run ${id} could not read ${file} ("${quoted}") since ${at}, at ${address}`;
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        expect(normalMessage(written(one))).toBe(normalMessage(written(other)));
      }),
    );
  });

  it("is one line, and bounded, whatever it is made of", () => {
    const bits = fc.oneof(
      fc.string({ unit: "binary", maxLength: 20 }),
      fc.constantFrom(
        "'",
        '"',
        "/",
        "<n>",
        " at ",
        "\n",
        "0x",
        "req_",
        "12:30",
        "://",
        "Exit code 1",
      ),
      ...[uuid, path, time],
      fc.nat().map(String),
    );
    fc.assert(
      fc.property(fc.array(bits, { maxLength: 20 }), (all) => {
        const normal = normalMessage(all.join(""));
        expect(normal).not.toMatch(/[\r\n]/);
        expect([...normal].length).toBeLessThanOrEqual(160);
      }),
      { numRuns: 200 },
    );
  });
});

describe("the key of a group", () => {
  const text = fc.string({ maxLength: 60 }).map((value) => value.replaceAll(/\s/g, " "));
  const group = fc.record({
    kind: fc.constantFrom("session" as const, "tool" as const, "workflow" as const),
    ...{ errorType: text, tool: text, mcpServer: text, message: text },
  });
  it("tells its parts, and two groups apart", () => {
    fc.assert(
      fc.property(group, group, (one, other) => {
        expect(groupOfKey(groupKey(one))).toEqual(one);
        const same = JSON.stringify(one) === JSON.stringify(other);
        expect(groupKey(one) === groupKey(other)).toBe(same);
      }),
    );
  });
  it.each(["", "session", "cat\t\t\t\tx", "tool\t\t\t\t\t"])("is not %j", (key) => {
    expect(groupOfKey(key)).toBeNull();
  });
});
