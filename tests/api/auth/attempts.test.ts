import { beforeAll, expect, inject, it } from "vitest";
import { countAttempt, forgetAttempts } from "@/lib/auth/attempts-service";
import { deleteEndedCounts } from "@/lib/auth/attempts-store";
import { pool } from "@/lib/db/client";
import { env } from "@/lib/env";
import { truncateAll } from "@/tests/support/database";
import { startServer } from "@/tests/support/server";

beforeAll(() => truncateAll());

const times = async (count: number, attempt: Parameters<typeof countAttempt>[0]) => {
  let last: number | null = null;
  for (let i = 0; i < count; i++) last = await countAttempt(attempt);
  return last;
};

it("makes one address wait for one account, and no other address", async () => {
  const at = (address: string) => ({ email: "a@example.com", address });
  expect(await times(8, at("192.0.2.1"))).toBeNull();
  expect(await times(1, at("192.0.2.1"))).toBeGreaterThan(0);
  expect(await times(1, at("192.0.2.2"))).toBeNull();
});

it("makes one address wait that tries many accounts", async () => {
  const address = "192.0.2.3";
  for (let i = 0; i < 40; i++) expect(await countAttempt({ email: `b${i}`, address })).toBeNull();
  expect(await countAttempt({ email: "b41", address })).toBeGreaterThan(0);
});

it("counts a network of IPv6 as one address, and a site of many networks too", async () => {
  for (let i = 0; i < 40; i++)
    expect(await countAttempt({ email: `n${i}`, address: `2001:db8:1:2::${i + 1}` })).toBeNull();
  const next = { email: "n41", address: "2001:db8:1:2:ffff::1" };
  expect(await countAttempt(next)).toBeGreaterThan(0);
  expect(await countAttempt({ ...next, address: "2001:db8:1:3::1" })).toBeNull();
  const ofSite = (i: number) => ({ email: `s${i}`, address: `2001:db8:5:${i.toString(16)}::1` });
  for (let i = 0; i < 400; i++) expect(await countAttempt(ofSite(i))).toBeNull();
  expect(await countAttempt(ofSite(400))).toBeGreaterThan(0);
});

it("holds nothing against whoever was right", async () => {
  const attempt = { email: "c@example.com", address: "192.0.2.4" };
  for (let i = 0; i < 60; i++) {
    expect(await countAttempt(attempt)).toBeNull();
    await forgetAttempts(attempt);
  }
});

it("counts keys by address alone: nobody keeps others from using theirs", async () => {
  for (let i = 0; i < 100; i++)
    expect(await countAttempt({ email: null, address: `198.51.100.${i}` })).toBeNull();
  expect(await times(9, { email: null, address: "203.0.113.1" })).toBeGreaterThan(0);
});

it("counts for several processes together, and keeps nobody's address", async () => {
  const databaseUrl = env.DATABASE_URL ?? inject("templateUrl");
  const servers = [await startServer({ databaseUrl }), await startServer({ databaseUrl })];
  try {
    const words: string[] = [];
    for (let i = 0; i < 10; i++) {
      const answer = await fetch(`${servers[i % 2]?.url}/api/auth/sign-in`, {
        method: "POST",
        redirect: "manual",
        headers: { "sec-fetch-site": "same-origin" },
        body: new URLSearchParams({ email: "d@example.com", password: "not the right one" }),
      });
      words.push(new URL(answer.headers.get("location") ?? "", "http://x").searchParams.toString());
    }
    expect(new Set(words.slice(0, 8)).size).toBe(1);
    expect(new Set(words.slice(8)).size).toBe(1);
    expect(words[8]).not.toBe(words[0]);
    const { rows } = await pool().query(
      "select string_agg(t::text, ' ') as text from sign_in_attempt t",
    );
    expect(rows[0].text).not.toMatch(/example\.com|127\.0\.0\.1/);
  } finally {
    for (const server of servers) await server.stop();
  }
});

it("forgets windows that are over", async () => {
  const attempt = { email: "e@example.com", address: "192.0.2.5" };
  expect(await times(9, attempt)).toBeGreaterThan(0);
  await pool().query("update sign_in_attempt set until = now()");
  expect(await times(8, attempt)).toBeNull();
  expect(await times(1, attempt)).toBeGreaterThan(0);
  await pool().query("update sign_in_attempt set until = now()");
  await deleteEndedCounts();
  expect((await pool().query("select from sign_in_attempt")).rowCount).toBe(0);
});
