// Audit: who did what, when, from where, and what it was before and after.
// Written by: `route()` for what its spec declares, services in the transaction of a change, jobs. Read by: admins, on a page and as files.
// Invariant: rows are only ever added (a trigger refuses the rest); retention alone takes them away, oldest first. No row holds a secret or what sessions said.
import { z } from "zod";
import { ACTIONS, type Action, type Kind } from "./actions";

const kinds = Object.keys(ACTIONS) as [Kind, ...Kind[]];
const actions = kinds.flatMap((kind) => ACTIONS[kind].map((verb) => `${kind}.${verb}` as Action));
export const ActionName = z.enum(actions as [Action, ...Action[]]);

/** `browser` is one that came in by an admin's key, not by a person's account; `system` is Watchkeeper itself. */
export const ACTORS = ["person", "key", "browser", "rule", "system"] as const;
const ActorKind = z.enum(ACTORS);

export const Actor = z.object({ kind: ActorKind, id: z.string().nullable(), label: z.string() });
export type Actor = z.infer<typeof Actor>;

/** Whoever tries to come in. */
export const UNKNOWN: Actor = { kind: "browser", id: null, label: "nobody known" };

const Fields = z.record(z.string(), z.unknown());

export const AuditItem = z
  .object({
    id: z.string(),
    at: z.string().describe("RFC 3339, UTC"),
    actor: Actor,
    ip: z
      .string()
      .nullable()
      .describe(
        "what `x-forwarded-for` says where WATCHKEEPER_TRUSTED_PROXIES wrote it, else the other end's",
      ),
    user_agent: z.string().nullable(),
    action: z.string().describe(`one of: ${actions.join(", ")}`),
    target: z.object({
      kind: z.string().describe("the part of `action` before the dot"),
      id: z.string().nullable(),
      label: z.string().nullable(),
    }),
    before: Fields.nullable().describe("what was changed, as it was; secrets are left out"),
    after: Fields.nullable().describe("the same as it is since then"),
    reason: z.string().nullable(),
    request_id: z.string().nullable(),
  })
  .meta({ id: "AuditEntry" });
export type AuditItem = z.infer<typeof AuditItem>;

const text = z.string().min(1).max(200);
const instant = z.iso.datetime({ offset: true });

export const AuditFilter = z.object({
  actor: text.optional().describe(`an actor's id, or a kind: ${ACTORS.join(", ")}`),
  action: text.optional().describe("an action, or the part before its dot for all of them"),
  target: text.optional().describe("a target's id"),
  from: instant.optional().describe("at or after"),
  to: instant.optional().describe("before"),
  q: text.optional().describe("part of an actor's or target's name, of an address or a reason"),
});
export type AuditFilter = z.infer<typeof AuditFilter>;

export const AuditQuery = AuditFilter.extend({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(512).optional(),
});
export type AuditQuery = z.infer<typeof AuditQuery>;

export const AuditPage = z.object({
  data: z.array(AuditItem),
  next_cursor: z.string().nullable(),
});
export type AuditPage = z.infer<typeof AuditPage>;

export const AuditExportQuery = AuditFilter.extend({
  format: z.enum(["ndjson", "csv"]).default("ndjson"),
});
export type AuditExportQuery = z.infer<typeof AuditExportQuery>;
