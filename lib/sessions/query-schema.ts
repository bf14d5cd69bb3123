// What may be asked of sessions, their events and their spans: the parameters of the reads in the
// API, parsed once at the edge. Part of the room of schema.ts, and under its sign.
import { z } from "zod";
import { asksContent } from "@/lib/http/content";
import { normalInstant } from "./instant";
import { Outcome, Source, SpanKind } from "./schema";

export const SESSION_SORTS = [
  "started_at",
  "settled_at",
  "last_event_at",
  "cost",
  "duration",
  "tokens",
  "tool_errors",
] as const;

/** A single value or a repeated query parameter, always read as a list. */
const many = <T extends z.ZodType>(item: T) =>
  z.preprocess(
    (value) => (value === undefined || Array.isArray(value) ? value : [value]),
    z.array(item).optional(),
  );
const strings = many(z.string().min(1).max(256));
export const queryInstant = z
  .string()
  .max(40)
  .transform((text, context) => {
    const normal = normalInstant(text);
    if (normal !== null) return normal;
    context.addIssue("expected an instant like 2026-11-20T10:00:00Z, from 1900 to 2200");
    return z.NEVER;
  });
const bool = z.preprocess((v) => (v === "true" ? true : v === "false" ? false : v), z.boolean());
/** Where connections share an id. */
const connection = z
  .string()
  .max(256)
  .optional()
  .describe(
    "whose session is meant where several have the id; else the one that came without a connection, then the one active last",
  );

/** The filter of the list, its export and its counts. `metadata.<key>` arrives as `metadata: {key: value}`. */
export const SessionFilter = z.object({
  from: queryInstant.optional(),
  to: queryInstant.optional(),
  by: z.enum(["active", "started", "settled"]).default("active"),
  outcome: many(Outcome),
  failed: bool.optional(),
  agent: strings,
  agent_version: strings,
  environment: strings,
  deployment: strings,
  model: strings,
  tool: strings,
  error_type: strings,
  source: many(Source),
  metadata: z.record(z.string().max(64), z.union([z.string(), z.array(z.string())])).optional(),
  q: asksContent(z.string().max(200).optional()),
  min_cost_nanos: z.coerce.number().int().nonnegative().optional(),
  min_duration_ms: z.coerce.number().int().nonnegative().optional(),
  max_duration_ms: z.coerce.number().int().nonnegative().optional(),
  config: strings.describe("what the session's agent was set up with"),
  sandbox: bool.optional().describe("whether a tool was called that works in the sandbox"),
});
export type SessionFilter = z.infer<typeof SessionFilter>;

export const SessionsQuery = SessionFilter.extend({
  sort: z.enum(SESSION_SORTS).default("started_at"),
  order: z.enum(["asc", "desc"]).default("desc"),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(512).optional(),
});
export type SessionsQuery = z.infer<typeof SessionsQuery>;

export const ExportQuery = SessionsQuery.omit({ limit: true, cursor: true }).extend({
  format: z.enum(["csv", "ndjson"]).default("csv"),
});
export type ExportQuery = z.infer<typeof ExportQuery>;

export const EventsQuery = z.object({
  thread: z.string().max(256).optional().describe("thread id; `primary` for the primary thread"),
  types: many(z.string().max(128)),
  order: z.enum(["asc", "desc"]).default("asc"),
  from: queryInstant.optional().describe("the earliest instant"),
  to: queryInstant.optional().describe("the latest instant, included"),
  around: z
    .string()
    .min(1)
    .max(256)
    .optional()
    .describe("the page that holds this event in its middle"),
  q: z.string().max(200).optional().describe("text in the event's JSON"),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
  cursor: z.string().max(1024).optional(),
  connection,
});
export type EventsQuery = z.infer<typeof EventsQuery>;

export const TraceQuery = z.object({
  from: queryInstant.optional(),
  to: queryInstant.optional(),
  thread: z.string().max(256).optional(),
  kinds: many(SpanKind),
  limit: z.coerce.number().int().min(1).max(2000).default(1000),
  cursor: z.string().max(1024).optional(),
  connection,
});
export type TraceQuery = z.infer<typeof TraceQuery>;
