import * as ownBreakGlass from "@/app/api/v1/account/break-glass/route";
import * as accountBrowser from "@/app/api/v1/account/browsers/[id]/route";
import * as accountPassword from "@/app/api/v1/account/password/route";
import * as account from "@/app/api/v1/account/route";
import * as backupCodes from "@/app/api/v1/account/second-factor/backup-codes/route";
import * as secondFactorConfirmation from "@/app/api/v1/account/second-factor/confirmation/route";
import * as secondFactorRemoval from "@/app/api/v1/account/second-factor/removal/route";
import * as secondFactor from "@/app/api/v1/account/second-factor/route";
import * as breakGlass from "@/app/api/v1/break-glasses/[id]/route";
import * as breakGlasses from "@/app/api/v1/break-glasses/route";
import * as invitation from "@/app/api/v1/invitations/[id]/route";
import * as invitations from "@/app/api/v1/invitations/route";
import * as keyRotation from "@/app/api/v1/keys/[id]/rotation/route";
import * as key from "@/app/api/v1/keys/[id]/route";
import * as keys from "@/app/api/v1/keys/route";
import * as passwordLink from "@/app/api/v1/people/[id]/password-link/route";
import * as person from "@/app/api/v1/people/[id]/route";
import * as secondFactorReset from "@/app/api/v1/people/[id]/second-factor/route";
import * as people from "@/app/api/v1/people/route";
import * as signInSettings from "@/app/api/v1/sign-in-settings/route";
import type { DocumentedRoute } from "@/lib/http/openapi";

/** People, how they sign in, what they may open, and the keys of programs. */
export const PEOPLE_ROUTES: readonly DocumentedRoute[] = [
  ["/api/v1/account", account],
  ["/api/v1/account/password", accountPassword],
  ["/api/v1/account/break-glass", ownBreakGlass],
  ["/api/v1/account/browsers/{id}", accountBrowser],
  ["/api/v1/account/second-factor", secondFactor],
  ["/api/v1/account/second-factor/confirmation", secondFactorConfirmation],
  ["/api/v1/account/second-factor/removal", secondFactorRemoval],
  ["/api/v1/account/second-factor/backup-codes", backupCodes],
  ["/api/v1/break-glasses", breakGlasses],
  ["/api/v1/break-glasses/{id}", breakGlass],
  ["/api/v1/people", people],
  ["/api/v1/people/{id}", person],
  ["/api/v1/people/{id}/password-link", passwordLink],
  ["/api/v1/people/{id}/second-factor", secondFactorReset],
  ["/api/v1/sign-in-settings", signInSettings],
  ["/api/v1/invitations", invitations],
  ["/api/v1/invitations/{id}", invitation],
  ["/api/v1/keys", keys],
  ["/api/v1/keys/{id}", key],
  ["/api/v1/keys/{id}/rotation", keyRotation],
];
