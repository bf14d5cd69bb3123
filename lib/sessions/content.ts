import { plain } from "@/lib/format";
import { recordOf, textAt } from "@/lib/sessions/payload";

/** A block of a message or a tool result, reduced to what can be shown without running anything. */
export type Block =
  | { kind: "text"; text: string }
  | {
      kind: "image" | "document";
      title: string | null;
      mediaType: string | null;
      /** base64 as it came; only its owner's click may turn it into an image */
      base64: string | null;
      text: string | null;
      url: string | null;
      fileId: string | null;
      bytes: number | null;
    }
  | { kind: "search_result"; title: string; source: string | null; text: string }
  | { kind: "redacted" }
  | { kind: "other"; type: string; value: unknown };

/** Image types a browser draws from a data URL without ever running a script of them (SVG could). */
const SAFE_IMAGES = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

export function blocksOf(content: unknown): Block[] {
  if (typeof content === "string") return content === "" ? [] : [{ kind: "text", text: content }];
  if (!Array.isArray(content)) return content == null ? [] : [other(content)];
  return content.map(blockOf);
}

function other(value: unknown): Block {
  return { kind: "other", type: textAt(value, "type") ?? "unknown", value };
}

function blockOf(value: unknown): Block {
  if (typeof value === "string") return { kind: "text", text: value };
  const block = recordOf(value);
  if (!block) return other(value);
  switch (block.type) {
    case "text": {
      const text = textAt(block, "text");
      return text === null ? other(value) : { kind: "text", text };
    }
    case "image":
    case "document":
      return mediaOf(block.type, block);
    case "search_result":
      return {
        kind: "search_result",
        title: textAt(block, "title") ?? "search result",
        source: textAt(block, "source"),
        text: plainText(block.content),
      };
    case "redacted":
      return { kind: "redacted" };
    default:
      return other(value);
  }
}

function mediaOf(kind: "image" | "document", block: Record<string, unknown>): Block {
  const source = recordOf(block.source);
  const base64 = source?.type === "base64" ? textAt(source, "data") : null;
  const text = source?.type === "text" ? textAt(source, "data") : null;
  return {
    kind,
    title: textAt(block, "title"),
    mediaType: textAt(source, "media_type"),
    base64,
    text,
    url: textAt(source, "url"),
    fileId: textAt(source, "file_id"),
    bytes: base64 !== null ? base64Bytes(base64) : text !== null ? utf8Bytes(text) : null,
  };
}

/** The data URL of an image that is safe to draw, else null. */
export function imageUrl(block: Block): string | null {
  if (block.kind !== "image" || block.base64 === null || block.mediaType === null) return null;
  if (!SAFE_IMAGES.has(block.mediaType)) return null;
  return /^[A-Za-z0-9+/]+={0,2}$/.test(block.base64)
    ? `data:${block.mediaType};base64,${block.base64}`
    : null;
}

/** The words of a content list, blocks joined by blank lines; what is no text is left out. */
export function plainText(content: unknown): string {
  return blocksOf(content)
    .map((block) => (block.kind === "text" || block.kind === "search_result" ? block.text : ""))
    .filter((text) => text !== "")
    .join("\n\n");
}

/** An object or list written as text; null where the text is anything else. */
export function jsonOf(text: string): unknown {
  const first = text.trimStart()[0];
  if (first !== "{" && first !== "[") return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export function utf8Bytes(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) bytes += 1;
    else if (code < 0x800) bytes += 2;
    else if (code >= 0xd800 && code < 0xdc00) {
      bytes += 4;
      i += 1;
    } else bytes += 3;
  }
  return bytes;
}

export function base64Bytes(data: string): number {
  const padding = data.endsWith("==") ? 2 : data.endsWith("=") ? 1 : 0;
  return Math.max(0, Math.floor((data.length * 3) / 4) - padding);
}

/** A cut at a line end near `limit` characters; `rest` is how many characters are left out. */
export function foldText(text: string, limit: number): { shown: string; rest: number } {
  if (text.length <= limit * 1.1) return { shown: text, rest: 0 };
  const line = text.lastIndexOf("\n", limit);
  let end = line > limit * 0.6 ? line : limit;
  const code = text.charCodeAt(end - 1);
  if (code >= 0xd800 && code < 0xdc00) end -= 1;
  return { shown: text.slice(0, end), rest: text.length - end };
}

/** One plain line of at most `limit` characters, for tables and collapsed rows. */
export function oneLine(text: string, limit: number): string {
  const line = text
    .slice(0, limit * 4)
    .replace(/\s+/g, " ")
    .trim();
  return plain(line.length > limit ? `${line.slice(0, limit - 1).trimEnd()}…` : line);
}
