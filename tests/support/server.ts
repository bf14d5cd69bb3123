import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { buildIfChanged } from "@/lib/cli/build";
import { childEnv } from "@/lib/env";
import { exclusively } from "./database";
import { freePort } from "./free-port";

export type TestServer = {
  url: string;
  pid: number;
  /** What the process has written so far. */
  output(): string;
  /** SIGKILL: nothing of the process gets a chance to tidy up. */
  kill(): Promise<void>;
  stop(): Promise<void>;
};

/** The built application as a process of its own, on a free port, ready to answer. */
export async function startServer(options: {
  databaseUrl: string;
  env?: Record<string, string>;
}): Promise<TestServer> {
  await exclusively(() => buildIfChanged());
  const port = await freePort();
  const child = spawn(process.execPath, ["lib/cli/web.mjs", String(port), "127.0.0.1"], {
    env: childEnv({ NODE_ENV: "production", ...options.env }),
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  child.send({ databaseUrl: options.databaseUrl });
  let written = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      written += chunk.toString();
    });
  }
  const url = `http://127.0.0.1:${port}`;
  await untilHealthy(url, child).catch((error: Error) => {
    child.kill("SIGKILL");
    throw new Error(`${error.message}\n${written}`);
  });
  const end = async (signal: "SIGKILL" | "SIGTERM") => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill(signal);
    await exited;
  };
  return {
    url,
    pid: child.pid ?? 0,
    output: () => written,
    kill: () => end("SIGKILL"),
    stop: () => end("SIGTERM"),
  };
}

async function untilHealthy(url: string, child: ChildProcess): Promise<void> {
  for (let i = 0; i < 600; i++) {
    if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode}.`);
    const answer = await fetch(`${url}/api/v1/health`).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(50);
  }
  throw new Error("The server did not become healthy within 30 s.");
}
