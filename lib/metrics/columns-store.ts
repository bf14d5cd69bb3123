import { Prisma } from "@/lib/db/generated/client";
import { DIMENSIONS, MEASURES } from "./schema";

/** Names of ours as a list in SQL, each after `prefix`. */
export const list = (names: readonly string[], prefix = ""): Prisma.Sql =>
  Prisma.raw(names.map((name) => `${prefix}${name}`).join(", "));

export const dimensions = list(DIMENSIONS);
export const measures = list(MEASURES);

/** What the rollups have a session under, read from its state `st`. */
export const rolledDimensions = list([
  ...DIMENSIONS.map((name) => `coalesce(st.rolled #>> '{dimensions,${name}}', '') as ${name}`),
  "(st.rolled -> 'promoted')::jsonb as promoted",
]);
