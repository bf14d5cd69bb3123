import type { AddressInfo } from "node:net";
import { createServer, type Server } from "node:net";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { deliverDue } from "@/lib/notify/delivery-service";
import { bearer } from "@/tests/support/api";
import { channelOf, deliveryOf, makeChannel, send } from "@/tests/support/channels";
import { allowLoopback } from "@/tests/support/connections";
import { truncateAll } from "@/tests/support/database";
import { message } from "@/tests/support/notices";
import { type Mailbox, startMailbox } from "@/tests/support/smtp";

let write: { authorization: string };
let closers: Array<() => Promise<void>>;

beforeAll(allowLoopback);
beforeEach(async () => {
  await truncateAll();
  write = await bearer("write");
  closers = [];
});
afterEach(() => Promise.all(closers.map((close) => close())));

async function mailbox(options?: Parameters<typeof startMailbox>[0]): Promise<Mailbox> {
  const box = await startMailbox(options);
  closers.push(box.close);
  return box;
}
const channelAt = (port: number, more: object = {}) =>
  makeChannel(write, {
    ...{ kind: "email", host: "127.0.0.1", port, tls: "none" },
    ...{ from: "Watchkeeper <watch@example.com>", to: ["ops@example.com", "on-call@example.com"] },
    ...more,
  });
async function delivered(channelId: string, of = message({ ep_1: {} }), sequence = 1) {
  const id = await send(channelId, of, { sequence });
  await deliverDue("default", channelId, new Date());
  return deliveryOf(id);
}
const headerOf = (text: string, name: string) =>
  new RegExp(`^${name}: (.*(?:\\r\\n[ \\t].*)*)`, "im").exec(text)?.[1]?.replace(/\r\n\s/g, " ");

describe("a mail", () => {
  it("goes to all, as text and as HTML with the course drawn", async () => {
    const box = await mailbox();
    const { id } = await channelAt(box.port);
    const row = await delivered(id, message({ ep_1: { summary: "Über 20 % <b>" } }));
    expect(row).toMatchObject({
      state: "sent",
      attempts: [{ status: 250, body: "250 2.0.0 Kept", error: null }],
    });
    const [mail] = box.mails;
    expect(mail).toMatchObject({
      ...{ from: "watch@example.com", to: ["ops@example.com", "on-call@example.com"], user: null },
    });
    const text = mail?.text ?? "";
    expect(headerOf(text, "subject")).toBe("[high] Failure rate, agent triage: 31 % (9 of 29)");
    expect(headerOf(text, "from")).toBe("Watchkeeper <watch@example.com>");
    expect(headerOf(text, "message-id")).toBe(`<${row.id}@localhost>`);
    expect(headerOf(text, "auto-submitted")).toBe("auto-generated");
    expect(text).toMatch(/content-type: text\/plain/i);
    expect(text).toMatch(/content-type: text\/html/i);
    expect(text).toMatch(/content-type: image\/png/i);
    expect(text).toContain("iVBORw0KGgo");
    const cid = headerOf(text, "content-id")?.replace(/[<>]/g, "");
    const html = text.replace(/=\r\n/g, "").replaceAll("=3D", "=");
    expect(html).toContain(`src="cid:${cid}"`);
    expect(html).toContain("&lt;b&gt;");
    expect(html).toContain("http://localhost:3000/alerts/episodes/ep_1");
    expect(html).toContain("http://localhost:3000/sessions/sesn_1");
  });

  it("stands with the others of its group", async () => {
    const box = await mailbox();
    const { id } = await channelAt(box.port);
    await delivered(id);
    await delivered(id, message({}, { ep_1: {} }), 2);
    const roots = box.mails.map(({ text }) => [
      headerOf(text, "references"),
      headerOf(text, "in-reply-to"),
    ]);
    expect(roots[0]?.[0]).toMatch(/^<group-[0-9a-f]{32}@localhost>$/);
    expect(new Set(roots.flat()).size).toBe(1);
    expect(headerOf(box.mails[1]?.text ?? "", "subject")).toContain("[closed]");
  });

  it("is sent by the user it is told", async () => {
    const box = await mailbox({
      authOptional: false,
      onAuth({ username, password }, _, done) {
        if (username === "watch" && password === "hunter2") done(null, { user: username });
        else done(new Error("No"));
      },
    });
    const { id } = await channelAt(box.port, { user: "watch", password: "hunter2" });
    expect((await delivered(id)).state).toBe("sent");
    expect(box.mails[0]?.user).toBe("watch");
    const wrong = await channelAt(box.port, { user: "watch", password: "wrong" });
    expect(await delivered(wrong.id)).toMatchObject({
      ...{ state: "failed", stateReason: "refused", attempts: [{ status: 535 }] },
    });
    expect((await channelOf(wrong.id)).state).toBe("failing");
  });
});

describe("a server that does not take it", () => {
  const answering = (responseCode: number) =>
    mailbox({
      onRcptTo: (_, __, done) => done(Object.assign(new Error("Not now"), { responseCode })),
    });

  it("for the time being is tried again", async () => {
    const { id } = await channelAt((await answering(451)).port);
    const row = await delivered(id);
    expect(row).toMatchObject({ state: "retrying", attempts: [{ status: 451, uncertain: false }] });
  });

  it("at all is not", async () => {
    const { id } = await channelAt((await answering(550)).port);
    expect(await delivered(id)).toMatchObject({ state: "failed", attempts: [{ status: 550 }] });
  });

  it("for some of them is told", async () => {
    const box = await mailbox({
      onRcptTo: ({ address }, _, done) =>
        address.startsWith("ops") ? done() : done(new Error("Unknown")),
    });
    const { id } = await channelAt(box.port);
    expect(await delivered(id)).toMatchObject({
      ...{ state: "sent", attempts: [{ body: expect.stringContaining("on-call@example.com") }] },
    });
  });

  it("because nobody listens is tried again", async () => {
    const box = await startMailbox();
    await box.close();
    const { id } = await channelAt(box.port);
    expect(await delivered(id)).toMatchObject({
      state: "retrying",
      attempts: [
        { status: null, uncertain: false, error: expect.stringContaining("ECONNREFUSED") },
      ],
    });
  });

  it("without the TLS it is to have never sees the password", async () => {
    const box = await mailbox();
    const { id } = await channelAt(box.port, { tls: "starttls", user: "a", password: "hunter2" });
    expect((await delivered(id)).state).not.toBe("sent");
    expect(box.mails).toEqual([]);
  });

  it("with a certificate that nobody vouches for does not see it either", async () => {
    const box = await mailbox({ disabledCommands: [] });
    const { id } = await channelAt(box.port, { tls: "starttls", user: "a", password: "hunter2" });
    const { state, attempts } = await delivered(id);
    expect(state).not.toBe("sent");
    expect(attempts).toMatchObject([{ error: expect.stringMatching(/certificate|TLS/) }]);
    expect(box.mails).toEqual([]);
  });

  it("and says nothing holds nobody up for long", { timeout: 60_000 }, async () => {
    const mute: Server = createServer(() => {});
    await new Promise<void>((ready) => mute.listen(0, "127.0.0.1", ready));
    closers.push(() => new Promise((closed) => mute.close(() => closed())));
    const { id } = await channelAt((mute.address() as AddressInfo).port);
    expect(await delivered(id)).toMatchObject({ state: "retrying", attempts: [{ status: null }] });
  });
});
