// OIDC: people sign in with the provider of their organization, set by the environment.
// Written by: whoever comes back from the provider; removing a person writes down who is not to come by themselves. Read by: the sign-in page.
// Invariant: nobody is taken for somebody known by an address that the provider has not verified, and whoever was removed comes back by invitation alone.
import { z } from "zod";

/** Why somebody who came back from the provider is not let in; words for each are with the sign-in page. */
export const REFUSALS = [
  ...(["denied", "mixed_up", "unverified", "domain", "uninvited", "removed"] as const),
  ...(["unassigned", "down", "failed", "busy"] as const),
] as const;
export type Refusal = (typeof REFUSALS)[number];

/** What a provider says of a person, of the ID token and its userinfo together. Some say `true` as a text. */
export const Claims = z.looseObject({
  sub: z.string().min(1).max(255),
  email: z.string().optional(),
  email_verified: z.union([z.boolean(), z.string()]).optional(),
  name: z.string().optional(),
});
export type Claims = z.infer<typeof Claims>;

/** What a browser keeps sealed while it is at the provider. */
export const Attempt = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  next: z.string(),
  endsAt: z.number(),
});
export type Attempt = z.infer<typeof Attempt>;
