import { expect, it } from "vitest";
import { countAttempt, forgetAttempts } from "@/lib/auth/attempts";

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
