import { afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { GET, PUT } from "@/app/api/v1/notify-settings/pulse/route";
import { evaluateAndWait } from "@/lib/alerts/service";
import { prisma } from "@/lib/db/client";
import { sendPulses } from "@/lib/notify/pulse-service";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { allowLoopback } from "@/tests/support/connections";
import { truncateAll } from "@/tests/support/database";
import { answering, type Sink, startSink } from "@/tests/support/sink";

const NOON = new Date("2026-11-20T12:00:00Z");
const after = (seconds: number) => new Date(NOON.getTime() + seconds * 1_000);

let headers: { authorization: string };
let sink: Sink;

beforeAll(allowLoopback);
beforeEach(async () => {
  await truncateAll();
  headers = await bearer("write");
  sink = await startSink();
});
afterEach(() => sink.close());

const save = (url: string | null) => call(PUT, "/x", { method: "PUT", headers, json: { url } });
const read = async () => (await call(GET, "/x", { headers })).body;

it("is called after a round of evaluation, once a minute whichever worker is first", async () => {
  const saved = await save(`${sink.url}/ping/0123-4567-89ab`);
  const shown = `${sink.url}/…89ab`;
  expect([saved.status, saved.body]).toEqual([
    200,
    { url: shown, called_at: null, ok: null, text: null },
  ]);
  expect(JSON.stringify(await prisma.setting.findMany())).not.toContain("0123-4567");
  await Promise.all([evaluateAndWait(NOON), evaluateAndWait(NOON)]);
  await sendPulses(after(20));
  expect(sink.received.map(({ path }) => path)).toEqual(["/ping/0123-4567-89ab"]);
  expect(await read()).toEqual({
    ...{ url: shown, called_at: NOON.toISOString(), ok: true, text: "answered 200" },
  });
  await sendPulses(after(60));
  expect(sink.received).toHaveLength(2);
});

it("says why it was not taken, and holds nothing up", async () => {
  await save(`${sink.url}/ping`);
  sink.answer = answering(404);
  await evaluateAndWait(NOON);
  expect(await read()).toMatchObject({ ok: false, text: "answered 404" });
  await sink.close();
  await evaluateAndWait(after(60));
  expect(await read()).toMatchObject({ ok: false, text: expect.stringContaining("refuses") });
  sink = await startSink();
});

it("goes nowhere it must not, and stops when it is taken back", async () => {
  const { status, body } = await save("http://169.254.169.254/latest");
  expect([status, JSON.stringify(body)]).toEqual([400, expect.stringContaining("169.254")]);
  expect((await save("ftp://example.com")).status).toBe(400);
  await save(`${sink.url}/ping`);
  expect((await save(null)).body).toMatchObject({ url: null });
  await sendPulses(NOON);
  expect(sink.received).toEqual([]);
});
