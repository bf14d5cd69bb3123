import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { buildIfChanged } from "@/lib/cli/build";
import { childEnv } from "@/lib/env";
import { exclusively } from "../../support/database";
import { freePort } from "../../support/free-port";

it("runs the product on a simulated platform, says where, and leaves nothing behind", async () => {
  await exclusively(() => buildIfChanged());
  const folder = await mkdtemp(join(tmpdir(), "watchkeeper-live-"));
  const port = await freePort();
  const args = ["lib/cli/boot.mjs", "demo-live", "--sessions", "5", "--running", "2"];
  const child = spawn(process.execPath, args, {
    env: childEnv({ WATCHKEEPER_DATA: folder, HOST: "127.0.0.1", PORT: String(port) }),
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  const ended = once(child, "exit");
  const link = () => /A live demo is running: (\S+)/.exec(output)?.[1] ?? "";
  await expect.poll(link, { timeout: 90_000, interval: 100 }).not.toBe("");

  const { origin, searchParams } = new URL(link());
  const answer = await fetch(`${origin}/setup`, { redirect: "manual" });
  expect([answer.status, searchParams.get("token")]).toEqual([200, expect.any(String)]);

  child.kill("SIGINT");
  expect(await ended).toEqual([0, null]);
  expect(existsSync(join(folder, "demo-live"))).toBe(false);
  await expect(fetch(origin)).rejects.toThrow();
  await rm(folder, { recursive: true, force: true });
}, 150_000);
