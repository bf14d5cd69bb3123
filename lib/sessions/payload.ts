/** Reads of JSON of which nothing is certain: a member of the wrong type reads as absent. */
export function recordOf(value: unknown): Record<string, unknown> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

export function textAt(value: unknown, key: string): string | null {
  const member = recordOf(value)?.[key];
  return typeof member === "string" ? member : null;
}

export function numberAt(value: unknown, key: string): number | null {
  const member = recordOf(value)?.[key];
  return typeof member === "number" && Number.isFinite(member) ? member : null;
}

export function listAt(value: unknown, key: string): readonly unknown[] {
  const member = recordOf(value)?.[key];
  return Array.isArray(member) ? member : [];
}

export function stringsAt(value: unknown, key: string): string[] {
  return listAt(value, key).filter((item) => typeof item === "string");
}
