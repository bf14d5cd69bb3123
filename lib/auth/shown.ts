import type { z } from "zod";
import { withoutContent } from "@/lib/http/content";
import { allows } from "./roles";
import type { Scope } from "./schema";

/** What of such a value goes out to a caller with these scopes: for answers that are streamed. */
export function shownTo<T extends z.ZodType>(
  scopes: readonly Scope[],
  schema: T,
): (value: z.output<T>) => z.output<T> {
  if (allows(scopes, "read")) return (value) => value;
  return (value) => withoutContent(schema, value) as z.output<T>;
}
