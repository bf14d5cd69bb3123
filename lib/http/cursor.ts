import type { z } from "zod";
import { invalidField } from "./errors";

/** A place in a list, as opaque text for its reader. */
export function encodeCursor(place: unknown): string {
  return Buffer.from(JSON.stringify(place)).toString("base64url");
}

/** The place a cursor stands for. Throws `invalid` for any text this list did not give out. */
export function decodeCursor<T extends z.ZodType>(schema: T, text: string): z.output<T> {
  let place: unknown;
  try {
    place = JSON.parse(Buffer.from(text, "base64url").toString());
  } catch {
    throw notACursor();
  }
  const parsed = schema.safeParse(place);
  if (!parsed.success || JSON.stringify(place).includes("\\u0000")) throw notACursor();
  return parsed.data;
}

const notACursor = () => invalidField("cursor", "expected a cursor this list has given out");
