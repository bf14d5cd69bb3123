import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Rhythm } from "@/lib/anthropic/rhythm";
import { childEnv, env } from "@/lib/env";

const MAIN = join(import.meta.dirname, "worker-main.ts");

/** The product's worker as a process that can be killed, against this test's database. */
export class WorkerProcess {
  #child: ChildProcess | null = null;
  #output = "";

  constructor(readonly rhythm: Partial<Rhythm>) {}

  /** Resolves when it takes jobs. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, ["--import", "tsx", MAIN, JSON.stringify(this.rhythm)], {
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      env: childEnv({
        WATCHKEEPER_SECRET: env.WATCHKEEPER_SECRET ?? "",
        WATCHKEEPER_OUTBOUND_ALLOW: env.WATCHKEEPER_OUTBOUND_ALLOW ?? "",
      }),
    });
    this.#child = child;
    child.send({ databaseUrl: env.DATABASE_URL });
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (chunk: Buffer) => {
        this.#output = (this.#output + chunk.toString()).slice(-20_000);
      });
    const ended = once(child, "exit").then(([code, signal]) => {
      if (signal !== "SIGKILL") throw new Error(`The worker ended with ${code}:\n${this.#output}`);
    });
    await Promise.race([once(child, "message"), ended]);
    ended.catch(() => {});
  }

  /** SIGKILL: nothing of the process gets a chance to tidy up. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
  }

  output(): string {
    return this.#output;
  }
}
