import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { deliverDue } from "@/lib/notify/delivery-service";
import type { Message } from "@/lib/notify/schema";
import { bearer } from "@/tests/support/api";
import { deliveryOf, makeChannel, send } from "@/tests/support/channels";
import { allowLoopback } from "@/tests/support/connections";
import { truncateAll } from "@/tests/support/database";
import { type Alertmanager, needAlertmanager } from "@/tests/support/find-alertmanager";
import { freePort } from "@/tests/support/free-port";
import { message } from "@/tests/support/notices";
import { type Sink, startSink } from "@/tests/support/sink";

const QUICKLY = { timeout: 60_000, interval: 100 };
const MINUTE_MS = 60_000;

let write: { authorization: string };
let theirs: Sink;
let found: Alertmanager;
let alertmanager: ChildProcess;
let folder: string;
let url: string;

/** Debian's, which passes on what it is posted to a sink. */
beforeAll(async () => {
  allowLoopback();
  found = needAlertmanager();
  theirs = await startSink();
  folder = await mkdtemp(join(tmpdir(), "watchkeeper-alertmanager-"));
  const config = join(folder, "alertmanager.yml");
  await writeFile(
    config,
    JSON.stringify({
      route: {
        receiver: "sink",
        group_by: ["agent"],
        ...{ group_wait: "0s", group_interval: "1s", repeat_interval: "1h" },
      },
      receivers: [{ name: "sink", webhook_configs: [{ url: theirs.url, send_resolved: true }] }],
    }),
  );
  const address = `127.0.0.1:${await freePort()}`;
  url = `http://${address}`;
  alertmanager = spawn(
    found.program,
    [
      `--config.file=${config}`,
      `--storage.path=${join(folder, "data")}`,
      `--web.listen-address=${address}`,
      "--cluster.listen-address=",
    ],
    { stdio: "ignore" },
  );
  const isReady = () =>
    fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await isReady())) {
    if (alertmanager.exitCode !== null) throw new Error("Alertmanager does not start.");
    await sleep(100);
  }
}, 300_000);

afterAll(async () => {
  if (alertmanager && alertmanager.exitCode === null) {
    alertmanager.kill("SIGKILL");
    await once(alertmanager, "exit");
  }
  await theirs?.close();
  found?.discard();
  if (folder) await rm(folder, { recursive: true });
});

beforeEach(async () => {
  await truncateAll();
  write = await bearer("write");
});

const iso = (agoMs: number) => new Date(Date.now() - agoMs).toISOString();
const opened = () =>
  message({ ep_1: { opened_at: iso(5 * MINUTE_MS), at: iso(0), summary: "Too many fail" } });
const closed = () =>
  message(
    {},
    { ep_1: { opened_at: iso(5 * MINUTE_MS), closed_at: iso(0), summary: "Too many fail" } },
  );

async function deliver(channelId: string, of: Message, sequence: number): Promise<void> {
  const id = await send(channelId, of, { sequence });
  await deliverDue("default", channelId, new Date());
  const { state, attempts } = await deliveryOf(id);
  expect([state, attempts]).toMatchObject(["sent", [{ status: 200 }]]);
}

type Alert = { labels: Record<string, string>; endsAt: string; status: { state: string } };
async function alerts(): Promise<Alert[]> {
  const answer = await fetch(`${url}/api/v2/alerts`);
  return (await answer.json()) as Alert[];
}

/** A value with every text and number replaced by what it is, so that two can be held against each other. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== "object" || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, shapeOf(part)]));
}

it("a real Alertmanager holds what is open, and lets go of what is closed", async () => {
  const channel = await makeChannel(write, { kind: "alertmanager", url: `${url}/` });
  await deliver(channel.id, opened(), 1);
  await expect.poll(alerts, QUICKLY).toMatchObject([
    {
      labels: { alertname: "Failure rate", severity: "high", agent: "agent_A", rule_id: "rule_1" },
      annotations: { summary: "Too many fail", value: "31 % (9 of 29)" },
      generatorURL: "http://localhost:3000/alerts/episodes/ep_1",
      status: { state: "active" },
    },
  ]);
  await expect.poll(() => theirs.received.length, QUICKLY).toBe(1);
  await deliver(channel.id, closed(), 2);
  await expect.poll(alerts, QUICKLY).toEqual([]);
  await expect.poll(() => theirs.received.length, QUICKLY).toBe(2);
  expect(theirs.bodies().map(({ status }) => status)).toEqual(["firing", "resolved"]);
});

it("what a webhook is posted has the form of what a real one posts", async () => {
  const ours = await startSink();
  const hook = await makeChannel(write, {
    ...{ kind: "webhook", name: "sink", url: ours.url, format: "alertmanager" },
  });
  for (const [at, of] of [opened(), closed()].entries()) await deliver(hook.id, of, at + 1);
  await ours.close();
  for (const [at, real] of theirs.bodies().entries()) {
    const mine = ours.bodies()[at] ?? {};
    expect(shapeOf(mine)).toEqual(shapeOf(real));
    const told = (body: Record<string, unknown>) => {
      const { status, receiver, groupLabels, commonLabels, commonAnnotations, version } = body;
      const [alert] = body.alerts as Record<string, unknown>[];
      const { labels, annotations, generatorURL, fingerprint } = alert ?? {};
      const its = { labels, annotations, generatorURL, fingerprint, status: alert?.status };
      return { status, receiver, groupLabels, commonLabels, commonAnnotations, version, its };
    };
    expect(told(mine)).toEqual(told(real));
  }
});
