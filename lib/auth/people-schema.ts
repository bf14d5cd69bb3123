// What the API of people, invitations and one's own account takes and answers. Part of the room of
// schema.ts, and under its sign.
import { z } from "zod";
import { ROLES } from "./roles";
import { SecondFactorState } from "./second-factor-schema";

const instant = z.string().describe("RFC 3339, UTC");

export const RoleName = z.enum(ROLES);

export const Email = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .pipe(z.email("expected an e-mail address"));
export const PersonName = z.string().trim().min(1).max(100);

export const PersonItem = z
  .object({
    id: z.string(),
    email: z.string(),
    name: z.string(),
    role: RoleName,
    may_open: z
      .boolean()
      .describe("whether a break-glass of theirs opens content that their role does not see"),
    created_at: instant,
    last_seen_at: instant.nullable().describe("in a browser that is still signed in, to 5 minutes"),
    sessions: z.int().nonnegative().describe("browsers signed in now"),
    second_factor: z.boolean().describe("whether signing in takes a code beside the password"),
    keys: z.int().nonnegative().describe("API keys in use that they made"),
  })
  .meta({ id: "Person" });
export type PersonItem = z.infer<typeof PersonItem>;

export const InvitationItem = z
  .object({
    id: z.string(),
    email: z.string(),
    role: RoleName,
    created_by: z.string(),
    created_at: instant,
    expires_at: instant,
  })
  .meta({ id: "Invitation" });
export type InvitationItem = z.infer<typeof InvitationItem>;

export const PeopleAnswer = z.object({
  data: z.array(PersonItem),
  invitations: z.array(InvitationItem).describe("not accepted yet, newest first"),
  next_cursor: z.null(),
});
export type PeopleAnswer = z.infer<typeof PeopleAnswer>;

export const NewInvitation = z
  .strictObject({
    email: Email,
    role: RoleName,
    expires_in_hours: z.int().min(1).max(720).default(72),
  })
  .meta({ id: "NewInvitation" });
export type NewInvitation = z.infer<typeof NewInvitation>;

export const OneTimeLink = z
  .object({
    id: z.string(),
    link: z.string().describe("shown this once; works once"),
    expires_at: instant,
  })
  .meta({ id: "OneTimeLink" });
export type OneTimeLink = z.infer<typeof OneTimeLink>;

export const PersonParams = z.object({ id: z.string().max(100) });
export const KeysOfLeaver = z.strictObject({
  keys: z
    .enum(["keep", "revoke"])
    .optional()
    .describe("what becomes of API keys in use that they made; needed where there are any"),
});
export type KeysOfLeaver = z.infer<typeof KeysOfLeaver>;

export const PersonPatch = KeysOfLeaver.extend({
  role: RoleName.optional(),
  may_open: z.boolean().optional(),
})
  .refine(
    (patch) => Object.keys(patch).some((name) => name !== "keys"),
    "expected role or may_open",
  )
  .meta({ id: "PersonPatch" });
export type PersonPatch = z.infer<typeof PersonPatch>;

export const BrowserItem = z
  .object({
    id: z.string(),
    current: z.boolean().describe("the one that asks"),
    user_agent: z.string().nullable(),
    address: z.string().nullable(),
    signed_in_at: instant,
    last_seen_at: instant.describe("to 5 minutes"),
    expires_at: instant,
  })
  .meta({ id: "Browser" });
export type BrowserItem = z.infer<typeof BrowserItem>;

export const Account = z
  .object({
    person: z
      .object({
        ...{ id: z.string(), email: z.string(), name: z.string(), role: RoleName },
        has_password: z.boolean().describe("false for who comes by a provider alone"),
      })
      .nullable()
      .describe("null for an API key, and for a browser that came in with one"),
    browsers: z.array(BrowserItem).describe("of the person, the last seen first"),
    second_factor: SecondFactorState.nullable().describe("null where there is no person"),
  })
  .meta({ id: "Account" });
export type Account = z.infer<typeof Account>;

export const PasswordChange = z
  .strictObject({ current: z.string().min(1).max(256), password: z.string().min(1).max(256) })
  .meta({ id: "PasswordChange" });
export type PasswordChange = z.infer<typeof PasswordChange>;
