import { type APIRequestContext, expect } from "@playwright/test";
import { KINDS, named, said } from "./hostile-corpus";
import { ERASED } from "./hostile-fleet";

type Json = Record<string, unknown>;
const HOUR_MS = 3_600_000;
const PASSWORD = "copper lantern drizzle";

/** Sends one thing that somebody enters, and gives what was made of it. */
export async function make(
  request: APIRequestContext,
  path: string,
  { method = "POST", ...data }: Json = {},
): Promise<Json & { id: string }> {
  const answer = await request.fetch(`/api/v1/${path}`, { method: String(method), data });
  expect(answer.ok(), `${path}: ${await answer.text()}`).toBe(true);
  return answer.status() === 204 ? { id: "" } : await answer.json();
}

const forAll = <T>(enter: (at: number) => Promise<T>): Promise<T[]> =>
  Promise.all(KINDS.map((_, at) => enter(at)));

/** Views, keys, budgets, promoted keys, masking, prices, holds: what stands on pages of their own. */
export async function enterSettings(request: APIRequestContext): Promise<void> {
  const query = `q=${encodeURIComponent(said("search", 0))}`;
  await forAll(async (at) => {
    await make(request, "views", { name: said("view", at, 80), query });
    const swap = "swap=*~claude-opus-5";
    await make(request, "views", { room: "whatif", name: said("scenario", at, 80), query: swap });
    await make(request, "keys", { name: said("key", at, 100) });
    const value = named("agent id", at);
    const budget = { name: said("budget", at, 80), scope: "agent", value };
    await make(request, "budgets", { ...budget, amount_nanos: 10_000_000 });
    const subject = { by: "metadata", key: "tenant", value: said("tenant", at) };
    await make(request, "holds", { subject, reason: said("reason of a hold", at) });
  });
  for (const [at] of KINDS.slice(0, 10).entries())
    await make(request, "dimensions", { method: "PUT", key: said("metadata key", at, 64) });
  const masked = KINDS.map((_, at) => ({
    ...{ kind: "metadata", name: `rule_${at}`, key: said("masked key", at) },
  }));
  const mode = { pushed_mode: "masked", builtin: {} };
  await make(request, "masking", { method: "PUT", based_on: 0, ...mode, rules: masked });
  const price = { input_pico: 1, cache_write_5m_pico: 1, cache_write_1h_pico: 1 };
  // Names of models have no spaces.
  const prices = ["script", "address", "page"].map((kind) => ({
    ...{ ...price, cache_read_pico: 1, output_pico: 1 },
    model: said("priced model", (KINDS as string[]).indexOf(kind)),
  }));
  const note = said("note on prices", 0);
  await make(request, "prices", { method: "PUT", based_on: 0, terms: { prices }, note });
  const subject = { by: "sessions", session_ids: [ERASED] };
  const reason = said("reason of an erasure", 0);
  await make(request, "erasures", { subject, reason, sessions: 1 });
}

/** People of such names; the first of them opens content, for a reason. */
export async function enterPeople(
  request: APIRequestContext,
  newBrowser: () => Promise<APIRequestContext>,
): Promise<void> {
  for (const [nth, kind] of ["markup", "turned", "stacked"].entries()) {
    const email = `person${nth}@example.com`;
    const { link } = await make(request, "invitations", { email, role: "cost" });
    const token = /token=(.+)$/.exec(String(link))?.[1] ?? "";
    const name = said("person", (KINDS as string[]).indexOf(kind), 100);
    const own = await newBrowser();
    const form = { token, name, password: PASSWORD };
    const answer = await own.post("/api/auth/invitation", { form, maxRedirects: 0 });
    expect(answer.headers().location).toBe("/");
    const { person } = await make(own, "account", { method: "GET" });
    const { id } = person as { id: string };
    await make(request, `people/${id}`, { method: "PATCH", may_open: true });
    const reason = `${said("reason to open", nth)} for a customer`;
    await make(own, "account/break-glass", { reason, minutes: 15 });
    await own.dispose();
  }
}

/** Rules that wait for somebody's beats, and the beats. Gives the ids of the rules. */
export async function enterBeats(request: APIRequestContext): Promise<string[]> {
  return forAll(async (at) => {
    const heartbeat = said("heartbeat", at);
    await make(request, `heartbeats/${encodeURIComponent(heartbeat)}`);
    const rule = { name: `Beats ${at}`, kind: "absence", heartbeat, period: "1h", grace: "10m" };
    const { id } = await make(request, "rules", rule);
    return id;
  });
}

/** Rules, and whom they tell. Gives the ids of the rules. */
export async function enterAlerting(request: APIRequestContext, sink: string): Promise<string[]> {
  const ends_at = new Date(Date.now() + HOUR_MS).toISOString();
  return forAll(async (at) => {
    const to = `${sink}/${encodeURIComponent(said("address of a channel", at))}`;
    const name = said("channel", at, 100);
    const channel = await make(request, "channels", { kind: "webhook", name, url: to });
    await make(request, `channels/${channel.id}/test`);
    const matchers = [{ name: said("matched label", at, 100), value: said("matched value", at) }];
    const route = { name: said("route", at, 120), channels: [channel.id] };
    await make(request, "routes", { ...route, matchers });
    const intervals = [{ weekdays: [{ from: "saturday", to: "sunday" }] }];
    await make(request, "mute-timings", { name: said("mute timing", at, 120), intervals });
    await make(request, "silences", { matchers, ends_at, reason: said("silence", at) });
    const rule = {
      ...{ name: said("rule", at, 120), owner: said("owner", at) },
      ...{ kind: "ratio", metric: "failure_rate", fire: 0.5, every: "30s", delay: "0s" },
      ...{ group_by: ["agent"], filters: { agent: [named("agent id", at)] } },
      labels: { team: said("label of a rule", at) },
      annotations: { summary: said("summary", at), description: said("description", at) },
      runbook_url: `https://runbook.example/?${encodeURIComponent(said("runbook", at))}`,
    };
    const { id } = await make(request, "rules", rule);
    return id;
  });
}

/** Waits until rules fire, and notes something on the first. Gives the ids of the episodes. */
export async function enterNotes(request: APIRequestContext): Promise<string[]> {
  const find = async () => {
    const answer = await request.get("/api/v1/episodes?limit=50");
    return ((await answer.json()) as { data: { id: string }[] }).data.map(({ id }) => id);
  };
  await expect.poll(async () => (await find()).length, { timeout: 45_000 }).toBeGreaterThan(0);
  const found = await find();
  const texts = KINDS.map((_, at) => said("note on an episode", at));
  for (const text of [...texts, "x".repeat(4_000)])
    await make(request, `episodes/${found[0]}/notes`, { text });
  return found;
}
