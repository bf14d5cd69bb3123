import { BackupCodes, PasswordProof } from "@/lib/auth/second-factor-schema";
import { renewBackupCodes } from "@/lib/auth/second-factor-service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const POST = route(
  {
    auth: "figures",
    audit: "access.backup_codes_made",
    summary: "New backup codes in the place of those there are",
    body: PasswordProof,
    response: BackupCodes,
  },
  ({ caller, body, request }) => renewBackupCodes(caller, body, request.headers),
);
export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
