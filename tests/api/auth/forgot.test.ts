import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { POST as forgot } from "@/app/api/auth/forgot/route";
import { POST as passwordForm } from "@/app/api/auth/new-password/route";
import { env } from "@/lib/env";
import { canMail } from "@/lib/notify/password-mail-service";
import { bearer } from "@/tests/support/api";
import { makeChannel } from "@/tests/support/channels";
import { allowLoopback } from "@/tests/support/connections";
import { truncateAll } from "@/tests/support/database";
import { ADA, enterFirst, sendForm, signInAs, tokenOf } from "@/tests/support/people";
import { type Mailbox, startMailbox } from "@/tests/support/smtp";

let mailbox: Mailbox;
beforeAll(async () => {
  await truncateAll();
  allowLoopback();
  mailbox = await startMailbox();
  env.WATCHKEEPER_PUBLIC_URL = "https://watch.example.com";
});
afterAll(async () => {
  env.WATCHKEEPER_PUBLIC_URL = undefined;
  await mailbox.close();
});

it("mails a link to whoever has the address, and answers everybody the same", async () => {
  await enterFirst();
  expect(await canMail()).toBe(false);
  await makeChannel(await bearer("write"), {
    ...{ kind: "email", host: "127.0.0.1", port: mailbox.port, tls: "none" },
    ...{ from: "watch@example.com", to: ["ops@example.com"] },
  });
  expect(await canMail()).toBe(true);
  for (const email of ["eve@example.com", "nothing", "", ADA.email.toUpperCase()]) {
    const answer = await sendForm(forgot, { email });
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/forgot?sent=1"]);
  }
  while (mailbox.mails.length === 0) await sleep(20);
  const [mail, ...others] = mailbox.mails;
  expect([mail?.to, others]).toEqual([[ADA.email], []]);
  const text = mail?.text.replace(/=\r\n/g, "").replaceAll("=3D", "=") ?? "";
  const link = /https:\/\/watch\.example\.com\/new-password\?token=[\w-]+/.exec(text)?.[0] ?? "";
  const password = "copper lantern drizzle";
  const entered = await sendForm(passwordForm, { token: tokenOf(link), password });
  expect(entered.headers.get("location")).toBe("/");
  expect((await signInAs(ADA.email, password)).headers.has("set-cookie")).toBe(true);
});
