import { beforeEach, describe, expect, it } from "vitest";
import { GET as readAlerts } from "@/app/api/v1/alerts/route";
import { PUT as acknowledge } from "@/app/api/v1/episodes/[id]/acknowledgement/route";
import { POST as note } from "@/app/api/v1/episodes/[id]/notes/route";
import { GET as readEpisode } from "@/app/api/v1/episodes/[id]/route";
import { GET as readEpisodes } from "@/app/api/v1/episodes/route";
import { POST as beat, DELETE as forgetBeat } from "@/app/api/v1/heartbeats/[name]/route";
import { GET as beats } from "@/app/api/v1/heartbeats/route";
import { DELETE, PATCH, PUT, GET as readOne } from "@/app/api/v1/rules/[id]/route";
import { GET as versions } from "@/app/api/v1/rules/[id]/versions/route";
import { POST as preview } from "@/app/api/v1/rules/preview/route";
import { GET, POST } from "@/app/api/v1/rules/route";
import { pool } from "@/lib/db/client";
import { alertsNow, evaluateAt, settle } from "@/tests/support/alerting";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { truncateAll } from "@/tests/support/database";

const RULE = {
  ...{ name: "Failures", kind: "ratio", metric: "failure_rate", group_by: ["agent"] },
  ...{ window: "15m", every: "1m", delay: "0s", op: ">", fire: 0.2, recover: 0.1 },
};
/** Rules begin to be judged when they are made: far beyond any tick that tests evaluate. */
const LATER = 400 * 86_400;

let headers: Record<string, string>;

beforeEach(async () => {
  await truncateAll();
  headers = await bearer("write");
});

async function make(fields: object = {}): Promise<{ id: string } & Record<string, unknown>> {
  const { status, body } = await call(POST, "/api/v1/rules", {
    ...{ method: "POST", headers, json: { ...RULE, ...fields } },
  });
  expect(status, JSON.stringify(body)).toBe(201);
  return body as { id: string };
}

const of = (id: string) => ({ headers, params: { id } });

/** One failed session, judged at the next tick: one alert that fires. */
async function fire(): Promise<string> {
  await settle("sesn_bad", LATER - 30, { failed: true });
  await evaluateAt(LATER + 60);
  expect(await alertsNow()).toEqual({ agent_a: "firing warning 1" });
  const { rows } = await pool().query("select id from alert_episode");
  return rows[0].id;
}

describe("rules", () => {
  it("are written, read, written anew with a version each, and deleted", async () => {
    const made = await make();
    expect(made).toMatchObject({
      ...RULE,
      ...{ version: 1, state: "inactive", firing: 0, pending: 0, health: "unknown", fired_7d: 0 },
      ...{ severity: "warning", for: "0s", no_data: "keep_last", noise: null, tiers: [] },
    });
    const changed = await call(PUT, `/api/v1/rules/${made.id}`, {
      ...{ method: "PUT", ...of(made.id), json: { ...RULE, fire: 0.5 } },
    });
    expect(changed.body).toMatchObject({ id: made.id, version: 2, fire: 0.5 });
    const listed = await call(GET, "/api/v1/rules", { headers });
    expect(listed.body).toEqual({ data: [changed.body], next_cursor: null });
    const all = await call(versions, `/api/v1/rules/${made.id}/versions`, of(made.id));
    expect(all.body).toMatchObject({
      data: [
        { version: 2, author: "test", rule: { fire: 0.5 } },
        { version: 1, rule: { fire: 0.2 } },
      ],
    });
    const gone = await call(DELETE, `/api/v1/rules/${made.id}`, {
      method: "DELETE",
      ...of(made.id),
    });
    expect(gone.status).toBe(204);
    expect((await call(readOne, `/api/v1/rules/${made.id}`, of(made.id))).status).toBe(404);
  });

  it("come page by page", async () => {
    for (let n = 0; n < 5; n++) await make({ name: `Rule ${n}` });
    const first = await call(GET, "/api/v1/rules?limit=3", { headers });
    const { data, next_cursor } = first.body as { data: { name: string }[]; next_cursor: string };
    const second = await call(GET, `/api/v1/rules?limit=3&cursor=${next_cursor}`, { headers });
    const names = [...data, ...(second.body as typeof first.body & { data: typeof data }).data];
    expect(names.map(({ name }) => name)).toEqual([0, 1, 2, 3, 4].map((n) => `Rule ${n}`));
  });

  it.each([
    [{ fire: "much" }, "fire", /number|Invalid/i],
    [{ window: "15 minutes" }, "window", /1s to 31d/],
    [{ every: "10s" }, "every", /30s to 1d/],
    [{ metric: "nothing" }, "metric", /one of/i],
    [{ group_by: ["error_group"] }, "group_by", /./],
    [{ recover: 0.5 }, "recover", /./],
    [{ group_by: ["agent", "model", "tool", "source"] }, "group_by", /3/],
    [{ colour: "red" }, "colour", /unknown name/],
    [{ op: "outside" }, "fire", /two/],
    [{ filters: { colour: ["red"] } }, "filters.colour", /./],
    [
      {
        kind: "burn_rate",
        slo: 0.9,
        factor: 14.4,
        op: undefined,
        fire: undefined,
        recover: undefined,
      },
      "factor",
      /never fire/,
    ],
  ])("refuses %j, naming %s", async (fields, path, message) => {
    const { status, body } = await call(POST, "/api/v1/rules", {
      ...{ method: "POST", headers, json: { ...RULE, ...fields } },
    });
    expect({ status, body }).toMatchObject({
      status: 400,
      body: { error: { code: "invalid", issues: expect.anything() } },
    });
    const { issues } = (body as { error: { issues: { path: string; message: string }[] } }).error;
    expect(issues.map((one) => one.path)).toContain(path);
    expect(issues.find((one) => one.path === path)?.message).toMatch(message);
  });

  it("say what they would find now", async () => {
    await settle("sesn_now", 0, { failed: true });
    const { status, body } = await call(preview, "/api/v1/rules/preview", {
      ...{ method: "POST", headers, json: { ...RULE, window: "31d" } },
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      groups: 1,
      data: [
        { labels: { agent: "agent_a" }, state: "breach", value: 1, numerator: 1, denominator: 1 },
      ],
      ...{ unit: "ratio", condition: expect.stringContaining("failure rate by agent above 20 %") },
    });
  });
});

describe("what a change of a rule does to its alerts", () => {
  it.each([
    ["its name", { name: "Other" }, "firing", null],
    ["its threshold", { fire: 0.3 }, "firing", null],
    ["its grouping", { group_by: ["environment"] }, null, "rule_changed"],
    ["its filter", { filters: { agent: ["agent_b"] } }, null, "rule_changed"],
    ["a pause", { paused: true }, null, "paused"],
  ])("%s", async (_, fields, state, reason) => {
    const { id } = await make();
    await fire();
    await call(PUT, `/api/v1/rules/${id}`, {
      ...{ method: "PUT", ...of(id), json: { ...RULE, ...fields } },
    });
    const { rows } = await pool().query("select close_reason from alert_episode");
    expect(rows).toEqual([{ close_reason: reason }]);
    const alerts = await call(readAlerts, "/api/v1/alerts", { headers });
    const { data } = alerts.body as { data: { state: string }[] };
    expect(data.map((one) => one.state)).toEqual(state === null ? [] : [state]);
    const { rows: told } = await pool().query("select content ->> 'status' as status from notice");
    expect(told).toEqual([{ status: reason === null ? "firing" : "closed" }]);
  });

  it("pausing and resuming by PATCH keeps everything else", async () => {
    const { id } = await make();
    const json = { paused: true };
    const paused = await call(PATCH, `/api/v1/rules/${id}`, { method: "PATCH", ...of(id), json });
    expect(paused.body).toMatchObject({ ...RULE, paused: true, version: 2 });
    await settle("sesn_bad", LATER - 30, { failed: true });
    await evaluateAt(LATER + 60);
    expect(await alertsNow()).toEqual({});
  });

  it("deleting closes, and the episode stays", async () => {
    const { id } = await make();
    const episode = await fire();
    await call(DELETE, `/api/v1/rules/${id}`, { method: "DELETE", ...of(id) });
    const { body } = await call(readEpisode, `/api/v1/episodes/${episode}`, of(episode));
    expect(body).toMatchObject({ rule_name: "Failures", close_reason: "deleted", rule: RULE });
  });
});

describe("alerts and episodes", () => {
  it("are told with what is behind them", async () => {
    const rule = await make({ name: "Bad" });
    const id = await fire();
    const { body } = await call(readAlerts, "/api/v1/alerts", { headers });
    expect(body).toMatchObject({
      firing: 1,
      data: [
        {
          ...{ rule_id: rule.id, rule_name: "Bad", labels: { agent: "agent_a" }, state: "firing" },
          ...{ value: 1, numerator: 1, denominator: 1, severity: "warning", episode_id: id },
          sessions: [{ id: "sesn_bad", outcome: "retries_exhausted" }],
        },
      ],
    });
    const episode = await call(readEpisode, `/api/v1/episodes/${id}`, of(id));
    expect(episode.body).toMatchObject({
      ...{
        id,
        rule_id: rule.id,
        rule_version: 1,
        closed_at: null,
        peak: 1,
        session_ids: ["sesn_bad"],
      },
      transitions: [{ from: "inactive", to: "firing", event: "open", value: 1, rule_version: 1 }],
      course: [[expect.any(String), 1]],
      session_query: expect.stringContaining("failed=true&agent=agent_a"),
    });
    const list = await call(readEpisodes, "/api/v1/episodes?open=true&severity=warning", {
      headers,
    });
    expect(list.body).toMatchObject({ data: [{ id, condition: expect.any(String) }] });
    const none = await call(readEpisodes, "/api/v1/episodes?open=false", { headers });
    expect(none.body).toEqual({ data: [], next_cursor: null });
  });

  it("are acknowledged, and that is taken back", async () => {
    await make();
    const id = await fire();
    const put = (acknowledged: boolean) =>
      call(acknowledge, `/api/v1/episodes/${id}/acknowledgement`, {
        ...{ method: "PUT", ...of(id), json: { acknowledged } },
      });
    expect((await put(true)).body).toMatchObject({ acknowledged_by: "test" });
    const { rows } = await pool().query("select acknowledged_by as by from notice");
    expect(rows).toEqual([{ by: "test" }]);
    expect((await put(false)).body).toMatchObject({ acknowledged_by: null, acknowledged_at: null });
  });

  it("carry notes", async () => {
    await make();
    const id = await fire();
    const { status, body } = await call(note, `/api/v1/episodes/${id}/notes`, {
      ...{ method: "POST", ...of(id), json: { text: "Model was down." } },
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({ notes: [{ author: "test", text: "Model was down." }] });
  });

  it("are not found elsewhere", async () => {
    for (const [handler, path] of [
      [readOne, "/api/v1/rules/rule_x"],
      [readEpisode, "/api/v1/episodes/epis_x"],
    ] as const)
      expect((await call(handler, path, of("x"))).status).toBe(404);
  });
});

it("takes heartbeats from who may send", async () => {
  const params = { name: "nightly" };
  const sender = await bearer("ingest");
  const post = () =>
    call(beat, "/api/v1/heartbeats/nightly", { method: "POST", headers: sender, params });
  await post();
  expect((await post()).body).toMatchObject({ name: "nightly", count: 2 });
  expect((await call(beats, "/api/v1/heartbeats", { headers })).body).toMatchObject({
    data: [{ name: "nightly" }],
  });
  const remove = { method: "DELETE", headers, params };
  expect((await call(forgetBeat, "/api/v1/heartbeats/nightly", remove)).status).toBe(204);
});
