import { ROLES, type Role } from "@/lib/auth/roles";
import type { Claims } from "./schema";

/** Who somebody is to us. `email` is null where the provider has not verified it. */
export type Identity = {
  sub: string;
  email: string | null;
  name: string | null;
  /** As the claim that holds roles has it, `none` without a word of ours in it; null where no claim decides. */
  role: Role | "none" | null;
};

export function identityOf(claims: Claims, roleClaim: string | null): Identity {
  const isVerified = claims.email_verified === true || claims.email_verified === "true";
  const email = claims.email?.trim().toLowerCase() ?? "";
  return {
    sub: claims.sub,
    email: isVerified && email !== "" ? email : null,
    name: claims.name?.trim().slice(0, 100) || null,
    role: roleClaim === null ? null : (roleIn(claimOf(claims, roleClaim)) ?? "none"),
  };
}

/** The first address that is told; what verifies it was said of that very one, wherever it stood. */
export function addressOf(sources: readonly Claims[]): Pick<Claims, "email" | "email_verified"> {
  const email = sources.find((claims) => claims.email !== undefined)?.email;
  const same = sources.filter((claims) => claims.email === email);
  const email_verified = same.find((claims) => claims.email_verified !== undefined)?.email_verified;
  return { email, email_verified };
}

/** A claim of that very name, or one within others: `realm_access.roles`. */
function claimOf(claims: Record<string, unknown>, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  let value: unknown = claims;
  for (const part of name.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part))
      return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}

/** Of several the one that may do most. */
function roleIn(value: unknown): Role | null {
  const words: unknown[] = Array.isArray(value) ? value : [value];
  return ROLES.find((role) => words.includes(role)) ?? null;
}

/** No list: every domain. A domain does not stand for those below it. */
export function isOfDomain(email: string, domains: readonly string[]): boolean {
  return domains.length === 0 || domains.includes(email.slice(email.lastIndexOf("@") + 1));
}
