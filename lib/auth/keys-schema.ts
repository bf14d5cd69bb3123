// What the API of keys takes and answers. Part of the room of schema.ts, and under its sign.
import { z } from "zod";
import { SCOPES, Scope } from "./schema";

const instant = z.string().describe("RFC 3339, UTC");
const MOST_DAYS = 3_650;

/** An address alone stands for itself. */
const Addresses = z
  .array(
    z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()], {
      error: "expected an address or a CIDR like 10.0.0.0/8",
    }),
  )
  .max(50);

export const KeyItem = z
  .object({
    id: z.string(),
    name: z.string(),
    prefix: z.string().describe("the key's first characters, to recognise it by"),
    scopes: z.array(Scope),
    created_at: instant,
    created_by: z.string().describe("'' where that is not known"),
    last_used_at: instant.nullable().describe("to the minute"),
    expires_at: instant.nullable().describe("null: never"),
    addresses: z.array(z.string()).describe("CIDRs it may be used from; none: from anywhere"),
    rate_per_minute: z.int().nullable().describe("null: as every key, 6,000"),
    replaced_by: z.string().nullable().describe("the key that was made to take its place"),
  })
  .meta({ id: "Key" });
export type KeyItem = z.infer<typeof KeyItem>;

export const KeyCreated = KeyItem.extend({
  key: z.string().describe("shown this once"),
}).meta({ id: "KeyCreated" });
export type KeyCreated = z.infer<typeof KeyCreated>;

export const NewKey = z
  .strictObject({
    name: z.string().trim().min(1).max(100),
    scopes: z.array(Scope).min(1).max(SCOPES.length).default(["ingest"]),
    expires_in_days: z.int().min(1).max(MOST_DAYS).nullable().default(null),
    addresses: Addresses.default([]).describe("CIDRs it may be used from; none: from anywhere"),
    rate_per_minute: z.int().min(1).max(100_000).nullable().default(null),
  })
  .meta({ id: "NewKey" });
export type NewKey = z.infer<typeof NewKey>;

export const KeysPage = z.object({ data: z.array(KeyItem), next_cursor: z.string().nullable() });
export type KeysPage = z.infer<typeof KeysPage>;

export const KeyParams = z.object({ id: z.string().max(100) });

export const Rotation = z
  .strictObject({
    overlap_hours: z
      .int()
      .min(0)
      .max(720)
      .default(24)
      .describe("how long the old key stays good beside the new one"),
  })
  .meta({ id: "KeyRotation" });
export type Rotation = z.infer<typeof Rotation>;
