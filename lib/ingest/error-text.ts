import { normalMessage } from "@/lib/failures/group";
import { spoken } from "@/lib/masking/marks";
import { errorIn } from "@/lib/masking/sizes";
import { cleanText } from "./canonical";
import { isObject } from "./normalize";
import type { JsonObject } from "./schema";
import { textOf } from "./spans";

/** The text blocks of a content list, a line between them. */
export function textIn(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  const parts: string[] = [];
  for (const block of content)
    if (isObject(block) && typeof block.text === "string") parts.push(block.text);
  return parts.join("\n");
}

const groupOf = (message: string) => cleanText(normalMessage(spoken(message)));

/** The group of an event's error, as long as its message is here, and after that by the name that was kept. */
export const errorGroup = (payload: JsonObject, error: JsonObject): string =>
  errorIn(payload) ?? groupOf(textOf(error.message) ?? "");

/** The same of a call that failed, by its result. */
export const failedGroup = (payload: JsonObject): string =>
  errorIn(payload) ?? groupOf(textIn(payload.content));

/** What has to be kept of an event's error when the rest of its content goes; null of one that is none. */
export function groupKept(payload: JsonObject): string | null {
  if (isObject(payload.error)) return errorGroup(payload, payload.error);
  return payload.is_error === true && payload.content !== undefined ? failedGroup(payload) : null;
}
