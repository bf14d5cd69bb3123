import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { POST as forgot } from "@/app/api/auth/forgot/route";
import { POST as passwordForm } from "@/app/api/auth/new-password/route";
import { PATCH as patch, DELETE as remove } from "@/app/api/v1/channels/[id]/route";
import { POST as create } from "@/app/api/v1/channels/route";
import { savePerson } from "@/lib/auth/people-store";
import type { Scope } from "@/lib/auth/schema";
import { prisma } from "@/lib/db/client";
import { env } from "@/lib/env";
import { canMail } from "@/lib/notify/password-mail-service";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
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

const mailTo = (port: number) => ({
  ...{ kind: "email", host: "127.0.0.1", port, tls: "none" },
  ...{ from: "watch@example.com", to: ["ops@example.com"] },
});

it("mails a link to whoever has the address, and answers everybody the same", async () => {
  await enterFirst();
  expect(await canMail()).toBe(false);
  await makeChannel(await bearer("admin"), mailTo(mailbox.port));
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

describe("the server that carries links", () => {
  const change = async (scope: Scope, id: string, json: object) =>
    call(patch, "/x", { method: "PATCH", headers: await bearer(scope), params: { id }, json });
  const end = async (scope: Scope, id: string) =>
    call(remove, "/x", { method: "DELETE", headers: await bearer(scope), params: { id } });
  const carriers = async () =>
    (await prisma.channel.findMany({ where: { carriesLinks: true } })).map(({ id }) => id);

  it("is the first that an admin makes, and none that somebody else does", async () => {
    await prisma.channel.deleteMany();
    await makeChannel(await bearer("write"), mailTo(mailbox.port));
    expect([await carriers(), await canMail()]).toEqual([[], false]);
    const first = await makeChannel(await bearer("admin"), mailTo(mailbox.port));
    expect(first.carries_links).toBe(true);
    const second = await makeChannel(await bearer("admin"), mailTo(mailbox.port));
    expect([second.carries_links, await carriers()]).toEqual([false, [first.id]]);
    expect((await change("admin", second.id, { carries_links: true })).status).toBe(200);
    expect(await carriers()).toEqual([second.id]);
  });

  it("is led elsewhere, chosen or removed by admins alone; whom it tells is for operators too", async () => {
    const [id = ""] = await carriers();
    for (const json of [{ host: "127.0.0.2", password: "x" }, { from: "eve@example.com" }])
      expect((await change("write", id, json)).status).toBe(403);
    for (const carries_links of [true, false])
      expect((await change("write", id, { carries_links })).status).toBe(403);
    expect((await end("write", id)).status).toBe(403);
    const asked = { ...mailTo(mailbox.port), name: "x", carries_links: true };
    const made = { method: "POST", headers: await bearer("write"), json: asked };
    expect((await call(create, "/x", made)).status).toBe(403);
    expect((await change("write", id, { to: ["all@example.com"], name: "all" })).status).toBe(200);
    expect((await change("admin", id, { from: "ops@example.com" })).status).toBe(200);
    expect((await end("admin", id)).status).toBe(204);
    expect(await canMail()).toBe(false);
  });

  it("is a mail server", async () => {
    const json = { kind: "webhook", name: "x", url: "https://example.com/x", carries_links: true };
    const answer = await call(create, "/x", {
      method: "POST",
      headers: await bearer("admin"),
      json,
    });
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining("mail server")]);
  });
});

it("mails no first password to who comes by a provider", async () => {
  await makeChannel(await bearer("admin"), mailTo(mailbox.port));
  const email = "bob@example.com";
  await prisma.$transaction((tx) =>
    savePerson(tx, {
      ...{ workspace: "default", email, name: "Bob", role: "viewer", passwordHash: null },
      now: new Date(),
    }),
  );
  env.WATCHKEEPER_OIDC_ISSUER = "https://id.example.com";
  await sendForm(forgot, { email });
  await expect.poll(() => mailbox.mails.filter(({ to }) => to.includes(email)).length).toBe(1);
  env.WATCHKEEPER_OIDC_ISSUER = undefined;
  const text = mailbox.mails.at(-1)?.text ?? "";
  expect(text).toContain("you sign in with");
  expect(text).not.toContain("token");
  expect(await prisma.accessLink.count({ where: { email } })).toBe(0);
});
