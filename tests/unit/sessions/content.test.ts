import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  base64Bytes,
  blocksOf,
  foldText,
  imageUrl,
  jsonOf,
  oneLine,
  plainText,
  utf8Bytes,
} from "@/lib/sessions/content";

const PNG = "iVBORw0KGgo=";
const image = (source: unknown) => blocksOf([{ type: "image", source }])[0];

describe("content blocks", () => {
  it.each([
    ["a string", "hi", [{ kind: "text", text: "hi" }]],
    ["nothing", null, []],
    ["an empty string", "", []],
    ["a text block", [{ type: "text", text: "hi" }], [{ kind: "text", text: "hi" }]],
    ["a redacted block", [{ type: "redacted" }], [{ kind: "redacted" }]],
    [
      "a block of the future",
      [{ type: "hologram", x: 1 }],
      [{ kind: "other", type: "hologram", value: { type: "hologram", x: 1 } }],
    ],
    ["no object at all", [7], [{ kind: "other", type: "unknown", value: 7 }]],
    [
      "a text block without text",
      [{ type: "text" }],
      [{ kind: "other", type: "text", value: { type: "text" } }],
    ],
  ])("reads %s", (_, content, expected) => {
    expect(blocksOf(content)).toEqual(expected);
  });

  it("reads documents and search results", () => {
    expect(
      blocksOf([
        {
          type: "document",
          title: "t",
          source: { type: "text", media_type: "text/plain", data: "äb" },
        },
        { type: "document", source: { type: "file", file_id: "file_1" } },
        {
          type: "search_result",
          title: "r",
          source: "https://x",
          content: [{ type: "text", text: "found" }],
        },
      ]),
    ).toMatchObject([
      { kind: "document", title: "t", text: "äb", bytes: 3 },
      { kind: "document", fileId: "file_1", bytes: null },
      { kind: "search_result", title: "r", source: "https://x", text: "found" },
    ]);
  });

  it("joins the words and leaves out the rest", () => {
    expect(
      plainText([{ type: "text", text: "a" }, { type: "redacted" }, { type: "text", text: "b" }]),
    ).toBe("a\n\nb");
  });
});

describe("images", () => {
  it("are offered only for types a browser draws without running anything", () => {
    const source = (media_type: string, data = PNG) => ({ type: "base64", media_type, data });
    const url = (given: unknown) => {
      const block = image(given);
      return block ? imageUrl(block) : undefined;
    };
    expect(url(source("image/png"))).toBe(`data:image/png;base64,${PNG}`);
    expect(url(source("image/svg+xml"))).toBeNull();
    expect(url(source("text/html"))).toBeNull();
    expect(url(source("image/png", 'x" onerror="alert(1)'))).toBeNull();
    expect(url({ type: "url", url: "https://tracker.example/x.png" })).toBeNull();
  });

  it("tell their size", () => {
    expect(image({ type: "base64", media_type: "image/png", data: PNG })).toMatchObject({
      bytes: 8,
    });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(base64Bytes(Buffer.from(bytes).toString("base64"))).toBe(bytes.length);
      }),
    );
  });
});

describe("texts", () => {
  it("are measured in bytes as they are sent", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(utf8Bytes(text)).toBe(Buffer.byteLength(text));
      }),
    );
  });

  it("are folded near the limit, at a line end where one is near, and say how much is left", () => {
    expect(foldText("short", 10)).toEqual({ shown: "short", rest: 0 });
    expect(foldText(`${"a".repeat(80)}\n${"b".repeat(80)}`, 100)).toEqual({
      shown: "a".repeat(80),
      rest: 81,
    });
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        const { shown, rest } = foldText(text, 50);
        expect(shown.length + rest).toBe(text.length);
        expect(text.startsWith(shown)).toBe(true);
        // No half of a character is ever shown.
        if (text.isWellFormed()) expect(shown.isWellFormed()).toBe(true);
      }),
    );
  });

  it("become one line", () => {
    expect(oneLine("  a\n\n b\tc ", 10)).toBe("a b c");
    expect(oneLine("abcdefghij", 5)).toBe("abcd…");
  });

  it.each([
    ['{"a":1}', { a: 1 }],
    [" [1]", [1]],
    ["{broken", null],
    ["7", null],
    ["text", null],
    ["", null],
  ])("%s read as JSON is %j", (text, expected) => {
    expect(jsonOf(text)).toEqual(expected);
  });
});
