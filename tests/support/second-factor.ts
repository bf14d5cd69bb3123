import { POST as codeForm } from "@/app/api/auth/sign-in/code/route";
import { POST as confirm } from "@/app/api/v1/account/second-factor/confirmation/route";
import { POST as begin } from "@/app/api/v1/account/second-factor/route";
import type { BackupCodes, NewSecondFactor } from "@/lib/auth/second-factor-schema";
import { prisma } from "@/lib/db/client";
import { codeOf } from "./authenticator";
import { call } from "./call";
import { browser, PASSWORD, sendForm } from "./people";

const post = (handler: typeof begin, cookie: string, json: object) =>
  call(handler, "/x", { method: "POST", headers: browser(cookie), json });

export const beginBy = (cookie: string, password = PASSWORD) => post(begin, cookie, { password });
export const confirmBy = (cookie: string, code: string) => post(confirm, cookie, { code });

/** Switches it on, as if that had been a while ago: what the app shows now is not used yet. */
export async function switchOn(cookie: string): Promise<{ key: string; codes: string[] }> {
  const { key } = (await beginBy(cookie)).body as NewSecondFactor;
  const { backup_codes } = (await confirmBy(cookie, codeOf(key))).body as BackupCodes;
  await prisma.secondFactor.updateMany({ data: { lastStep: 0 } });
  return { key, codes: backup_codes };
}

/** The second step, by the cookie of the first. */
export const giveCode = (step: string, code: string, form = {}) =>
  sendForm(codeForm, { code, next: "/costs", ...form }, { cookie: step });
