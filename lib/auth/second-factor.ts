import type { Role } from "./roles";

/** Of whom a second factor is required. */
export const REQUIREMENTS = ["nobody", "admins", "everybody"] as const;
export type Requirement = (typeof REQUIREMENTS)[number];

export function isRequiredOf(role: Role, requirement: Requirement): boolean {
  switch (requirement) {
    case "nobody":
      return false;
    case "admins":
      return role === "admin";
    case "everybody":
      return true;
  }
}

const FREE_FAILURES = 5;
const LONGEST_WAIT_S = 3_600;

/**
 * How many seconds after the last of so many wrong codes in a row the next one is looked at. Whoever
 * knows a password has some 35 tries a day by this, each at three codes of a million.
 */
export function waitAfter(failures: number): number {
  if (failures < FREE_FAILURES) return 0;
  return Math.min(60 * 2 ** (failures - FREE_FAILURES), LONGEST_WAIT_S);
}

/** What somebody typed: a code of the app, or a backup code in the form it is hashed in. */
export function readCode(text: string): { kind: "app" | "backup"; code: string } {
  const bare = text.toLowerCase().replace(/[\s-]/g, "");
  return { kind: /^\d{6}$/.test(bare) ? "app" : "backup", code: bare };
}

/** In groups of four, as people read them out. */
export const inFours = (text: string, between: string): string =>
  (text.match(/.{1,4}/g) ?? []).join(between);
