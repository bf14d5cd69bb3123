// What the API of second factors takes and answers. Part of the room of schema.ts, and under its sign.
import { z } from "zod";
import { REQUIREMENTS } from "./second-factor";

export const PasswordProof = z
  .strictObject({ password: z.string().min(1).max(256).describe("one's own, once more") })
  .meta({ id: "PasswordProof" });
export type PasswordProof = z.infer<typeof PasswordProof>;

export const NewSecondFactor = z
  .object({
    key: z.string().describe("for the authenticator app, in base32; told this once"),
    uri: z.string().describe("the same as `otpauth://`, for a QR code"),
  })
  .meta({ id: "NewSecondFactor" });
export type NewSecondFactor = z.infer<typeof NewSecondFactor>;

export const CodeProof = z
  .strictObject({ code: z.string().min(1).max(20).describe("what the app shows now") })
  .meta({ id: "CodeProof" });
export type CodeProof = z.infer<typeof CodeProof>;

export const BackupCodes = z
  .object({ backup_codes: z.array(z.string()).describe("good once each; told this once") })
  .meta({ id: "BackupCodes" });
export type BackupCodes = z.infer<typeof BackupCodes>;

export const SecondFactorState = z
  .object({
    since: z.string().nullable().describe("RFC 3339, UTC; null: there is none"),
    backup_codes: z.int().nonnegative().describe("how many are left"),
    required: z.boolean().describe("of one's role"),
  })
  .meta({ id: "SecondFactor" });
export type SecondFactorState = z.infer<typeof SecondFactorState>;

export const SignInSettings = z
  .strictObject({
    second_factor: z
      .enum(REQUIREMENTS)
      .describe("who must have one, and is led to set it up before anything else"),
  })
  .meta({ id: "SignInSettings" });
export type SignInSettings = z.infer<typeof SignInSettings>;
