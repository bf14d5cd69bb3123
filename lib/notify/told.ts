import { z } from "zod";

const severity = z.enum(["info", "warning", "high", "critical"]);
const status = z.enum(["firing", "no_data"]);

/** What a channel knows of each episode that is open as far as it was told. */
export const Told = z.record(z.string(), z.object({ status, severity }));
export type Told = z.infer<typeof Told>;

const Spoken = z.object({ status, severity, flapping: z.boolean() });
/** What a message says of a member that is open. */
export type Spoken = z.infer<typeof Spoken>;

/** The group's newest message, while it is not known what came of it. */
const Said = z.object({
  sequence: z.int(),
  atMs: z.number(),
  firing: z.record(z.string(), Spoken),
  closed: z.array(z.string()),
});
export type Said = z.infer<typeof Said>;

const Mark = z.object({
  /** When the channel was first told of it. */
  sinceMs: z.number().optional(),
  /** It was told that this one opens and closes again and again. */
  flapping: z.boolean().default(false),
  /** A silence has hidden it since it was last told of. */
  silenced: z.boolean().default(false),
});
export type Mark = z.infer<typeof Mark>;

/** What a group keeps between two looks at it, beside what its channel was told. */
export const GroupState = z.object({
  marks: z.record(z.string(), Mark).default({}),
  said: Said.nullable().default(null),
  /** A message that could not be delivered; it is not said again before something changes, or a reminder's time. */
  failed: Said.nullable().default(null),
});
export type GroupState = z.infer<typeof GroupState>;

/** Whether two messages say the same. */
export function isSame(one: Pick<Said, "firing" | "closed">, other: typeof one): boolean {
  return wordsOf(one) === wordsOf(other);
}

function wordsOf({ firing, closed }: Pick<Said, "firing" | "closed">): string {
  const open = Object.entries(firing).map(
    ([id, { status, severity, flapping }]) => `${id} ${status} ${severity} ${flapping}`,
  );
  return JSON.stringify([open.sort(), [...closed].sort()]);
}
