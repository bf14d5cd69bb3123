import { beforeAll, beforeEach, expect, it } from "vitest";
import { GET as alerts } from "@/app/api/v1/alerts/route";
import { DELETE, PUT } from "@/app/api/v1/rules/[id]/route";
import { POST as preview } from "@/app/api/v1/rules/preview/route";
import { GET } from "@/app/api/v1/rules/route";
import { BUILTIN } from "@/lib/alerts/builtin";
import { ensureBuiltin } from "@/lib/alerts/builtin-service";
import type { AlertsPage } from "@/lib/alerts/episode-schema";
import type { RuleItem, RulesPage } from "@/lib/alerts/rules-schema";
import { evaluateDue } from "@/lib/alerts/service";
import { pool, prisma } from "@/lib/db/client";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { makeChannel, send } from "@/tests/support/channels";
import { allowLoopback, connectTo } from "@/tests/support/connections";
import { truncateAll } from "@/tests/support/database";
import { message } from "@/tests/support/notices";

const NOW = new Date("2026-11-20T12:00:00Z");
const before = (seconds: number) => new Date(NOW.getTime() - seconds * 1_000);

let headers: { authorization: string };

beforeAll(allowLoopback);
beforeEach(async () => {
  await truncateAll();
  headers = await bearer("write");
});

const rules = async () => (await call(GET, "/x", { headers })).body as RulesPage;
const written = ({ id: _, ...rule }: { id: string } & Record<string, unknown>) => rule;
const put = (id: string, changes: object) =>
  call(PUT, "/x", { method: "PUT", headers, json: { ...BUILTIN[id], ...changes }, params: { id } });

/** What fires, as `rule labels value`. */
async function firing(): Promise<string[]> {
  const { rows } = await pool().query(
    "select rule_id, labels, value from alert_instance where status = 'firing' order by 1, 2::text",
  );
  return rows.map((row) => `${row.rule_id} ${Object.values(row.labels).join()} ${row.value}`);
}

/** The built-in rules, all due at this instant. */
async function judgeAt(now: Date): Promise<void> {
  await ensureBuiltin(before(600));
  await pool().query("update alert_rule set offset_ms = 0, every_ms = 60000, due_at = $1", [now]);
  await evaluateDue(now);
}

it("every workspace has them once, and nobody can take them away", async () => {
  await Promise.all([ensureBuiltin(NOW), ensureBuiltin(NOW)]);
  await ensureBuiltin(NOW);
  const { data } = await rules();
  expect(data.map(({ id, builtin, paused }) => ({ id, builtin, paused }))).toEqual(
    Object.keys(BUILTIN)
      .sort()
      .map((id) => ({ id, builtin: true, paused: false })),
  );
  const [first] = data as [RuleItem];
  const params = { id: first.id };
  const gone = await call(DELETE, "/x", { method: "DELETE", headers, params });
  expect([gone.status, gone.text]).toEqual([409, expect.stringContaining("built-in")]);
  expect(written(first)).toMatchObject({ kind: "self", severity: expect.any(String) });
});

it("their bound, severity and way can be changed, and what they watch cannot", async () => {
  await ensureBuiltin(NOW);
  const changed = await put("rule_self_channels", { fire: 60, severity: "critical", channels: [] });
  expect([changed.status, changed.body]).toMatchObject([200, { fire: 60, severity: "critical" }]);
  for (const wrong of [{ watch: "ingest" }, { paused: true }, { dry_run: true }])
    expect((await put("rule_self_channels", wrong)).status).toBe(400);
});

it("tells of a source that has gone silent, and when it is back", async () => {
  const arrive = (source: string, at: Date) =>
    pool().query(
      `insert into rollup_delta (workspace, minute, family, key, agent, agent_version, environment,
         deployment, source, count) values ('default', $1, 'arrival', '', '', '', '', '', $2, 5)`,
      [Math.floor(at.getTime() / 60_000), source],
    );
  await arrive("push", before(90_000));
  await arrive("import", before(90_000));
  await arrive("otlp", before(120));
  await judgeAt(NOW);
  expect(await firing()).toEqual(["rule_self_ingest push 89940"]);
  await arrive("push", before(60));
  await judgeAt(new Date(NOW.getTime() + 60_000));
  expect(await firing()).toEqual([]);
});

it("tells that rules are judged late, until they are in time", async () => {
  await ensureBuiltin(before(600));
  await pool().query("update alert_rule set offset_ms = 0, every_ms = 60000, due_at = $1", [
    before(300),
  ]);
  await pool().query("update alert_rule set cursor = $1", [before(360)]);
  await evaluateDue(NOW);
  expect(await firing()).toEqual(["rule_self_evaluation  300"]);
  await evaluateDue(new Date(NOW.getTime() + 60_000));
  expect(await firing()).toEqual([]);
});

it("tells of a channel that does not deliver", async () => {
  const channel = await makeChannel(headers, {
    ...{ kind: "webhook", name: "on-call", url: "https://hooks.example.com/a" },
  });
  await makeChannel(headers, { kind: "webhook", name: "fine", url: "https://hooks.example.com/b" });
  const id = await send(channel.id, message({ ep_1: {} }));
  await prisma.delivery.updateMany({ where: { id }, data: { createdAt: before(700) } });
  await judgeAt(NOW);
  expect(await firing()).toEqual([]);
  await prisma.channel.updateMany({ where: { id: channel.id }, data: { failures: 4 } });
  await judgeAt(new Date(NOW.getTime() + 60_000));
  expect(await firing()).toEqual(["rule_self_channels on-call 760"]);
  await prisma.channel.deleteMany({ where: { id: channel.id } });
  await judgeAt(new Date(NOW.getTime() + 120_000));
  expect(await firing()).toEqual([]);
});

it("tells of a connection that is behind, not of one that is paused", async () => {
  const connect = async (name: string, state: string) => {
    const place = { url: "http://127.0.0.1:9", apiKey: "sk-ant-test" };
    const { id } = await connectTo(place, await bearer("admin"), { name });
    await pool().query("update connection set state = $1 where id = $2", [state, id]);
    return id;
  };
  const late = [await connect("behind", "live"), await connect("paused", "paused")];
  await connect("new", "backfilling");
  for (const id of late)
    await pool().query(
      "insert into sync_minute (workspace, connection_id, minute, until) values ('default', $1, $2, $3)",
      [id, Math.floor(before(1_000).getTime() / 60_000), before(1_000)],
    );
  await judgeAt(NOW);
  expect(await firing()).toEqual(["rule_self_connections behind 1000"]);
});

it("tells of somebody who has content open, until it is closed", async () => {
  const openedAt = before(20);
  const row = { workspace: "default", personId: "pers_1", reason: "TICKET-7", openedAt };
  await prisma.breakGlass.createMany({
    data: [
      { ...row, id: "glass_1", email: "cleo@example.com", until: before(-900) },
      { ...row, id: "glass_2", email: "over@example.com", until: before(1) },
      {
        ...row,
        id: "glass_3",
        email: "shut@example.com",
        until: before(-900),
        closedAt: before(5),
      },
    ],
  });
  await judgeAt(NOW);
  expect(await firing()).toEqual(["rule_self_break_glass glass_1 20"]);
  // Whose it is stands in the audit log, and is told to those alone who may read that.
  const told = async (scope: "admin" | "write" | "figures") => {
    const { body, text } = await call(alerts, "/x", { headers: await bearer(scope) });
    const [alert] = (body as AlertsPage).data;
    return [alert?.names, text.includes("cleo@")];
  };
  expect(await told("admin")).toEqual([{ glass_1: "cleo@example.com" }, true]);
  expect(await told("write")).toEqual([{ glass_1: "Cost only" }, false]);
  expect(await told("figures")).toEqual([{ glass_1: "Cost only" }, false]);
  const messages = await pool().query("select content::text from notice");
  expect(messages.rows.length).toBe(1);
  expect(messages.rows[0].content).toContain("Somebody with the role Cost only");
  expect(messages.rows[0].content).not.toContain("cleo@");
  await prisma.breakGlass.updateMany({ data: { closedAt: NOW } });
  await judgeAt(new Date(NOW.getTime() + 60_000));
  expect(await firing()).toEqual([]);
});

it("says in words when it fires, and that its past is not kept", async () => {
  const json = { name: "Mine", kind: "self", watch: "evaluation", fire: 120 };
  const { body } = await call(preview, "/x", { method: "POST", headers, json });
  expect(body).toMatchObject({
    condition: "rules are judged late by more than 2 min",
    ...{ unit: "seconds", groups: 1 },
  });
});
