type JsonObject = Record<string, unknown>;

/** What the fold measures, and shares a prompt by. */
const MEASURED = ["content", "input"] as const;
type Measured = (typeof MEASURED)[number];

/** Of the name of a group, in UTF-16 units. */
const MOST_ERROR_CHARS = 400;

/** The sizes before masking, in bytes of JSON, where an event's `_masking` has them. */
export function sizesOf(masking: unknown): { [name in Measured]?: number } | null {
  if (!isObject(masking) || !isObject(masking.bytes)) return null;
  const { bytes } = masking;
  const isPlain = Object.entries(bytes).every(
    ([key, size]) => MEASURED.includes(key as Measured) && isSize(size),
  );
  return isPlain ? bytes : null;
}

/** Whether a `_masking` holds sizes and nothing else: then there is nothing to mask in it. */
export const isSizesAlone = (masking: unknown): boolean =>
  sizesOf(masking) !== null && Object.keys(masking as JsonObject).length === 1;

/**
 * What is left of an error's message when its content is dropped later on: the name of its group, which
 * is a total. Null of an event that is as it came.
 */
export function errorIn(payload: JsonObject): string | null {
  const { _masking: masking } = payload;
  const error = isObject(masking) ? masking.error : null;
  return typeof error === "string" && error.length <= MOST_ERROR_CHARS ? error : null;
}

/** How large a member of an event was when it came; 0 of one that it does not have. */
export function bytesIn(payload: JsonObject, name: Measured): number {
  if (payload[name] === undefined) return 0;
  return sizesOf(payload._masking)?.[name] ?? bytesOf(payload[name]);
}

/** Adds the sizes of what was changed to the payload that came out of it. */
export function withSizes(masked: JsonObject, payload: JsonObject): JsonObject {
  const bytes = { ...sizesOf(payload._masking) };
  for (const name of MEASURED) {
    if (payload[name] === undefined || bytes[name] !== undefined) continue;
    if (JSON.stringify(masked[name]) !== JSON.stringify(payload[name]))
      bytes[name] = bytesOf(payload[name]);
  }
  return Object.keys(bytes).length === 0 ? masked : { ...masked, _masking: { bytes } };
}

const isSize = (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 0;

const bytesOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value) ?? "");

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
