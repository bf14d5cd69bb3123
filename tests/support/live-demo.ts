import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { resolve } from "node:path";
import { createSetupLink } from "@/lib/auth/first-access-service";
import { disconnect } from "@/lib/db/client";
import { runningEmbedded } from "@/lib/db/embedded";
import { saveProgress } from "@/lib/demo/service";
import { NO_DEMO } from "@/lib/demo/state";
import { childEnv, env, StartupError, setDatabaseUrl } from "@/lib/env";
import { type PlatformProcess, startPlatformProcess } from "./platform/process";

export type LiveDemoOptions = { sessions: number; running: number; seed: string };

const DAYS = 14;

/**
 * A simulated platform whose sessions run in real time, and the product on a data folder of its own,
 * connected to it. Returns when asked to stop, or throws when either ends by itself.
 */
export async function runLiveDemo(options: LiveDemoOptions): Promise<void> {
  const asked = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => asked.abort());
  const dataDir = resolve(env.WATCHKEEPER_DATA, "demo-live");
  if (await runningEmbedded(dataDir))
    throw new StartupError(`A live demo is running already, on ${dataDir}. End that one first.`);
  // The platform begins anew each time, and so does what was read of it.
  await rm(dataDir, { recursive: true, force: true });
  const platform = await startPlatformProcess();
  const product = new DemoProduct(dataDir);
  try {
    await platform.control("simulate", {
      sessions: options.sessions,
      days: DAYS,
      seed: options.seed,
    });
    await product.ready;
    await connect(product, platform);
    await platform.control("live", { seed: options.seed, running: options.running });
    process.stdout.write(await guide(product, platform, options));
    await Promise.race([once(asked.signal, "abort"), product.ended]);
  } finally {
    await product.stop();
    await platform.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

class DemoProduct {
  readonly url = `http://localhost:${env.PORT}`;
  readonly key = `wk_${randomBytes(18).toString("base64url")}`;
  readonly ready: Promise<void>;
  /** Rejects when the product ends by itself. */
  readonly ended: Promise<never>;
  readonly #child: ChildProcess;
  #isStopping = false;

  constructor(readonly dataDir: string) {
    const child = spawn(process.execPath, ["lib/cli/boot.mjs", "start"], {
      stdio: ["ignore", "pipe", "inherit"],
      env: childEnv({
        DATABASE_URL: "",
        DATABASE_DIRECT_URL: "",
        WATCHKEEPER_DATA: dataDir,
        WATCHKEEPER_INIT_API_KEY: this.key,
        WATCHKEEPER_OUTBOUND_ALLOW: "127.0.0.1/32",
      }),
      // Ctrl-C in a terminal reaches only this process, which then ends the product.
      detached: true,
    });
    this.#child = child;
    this.ended = once(child, "exit").then(([code]) => {
      if (this.#isStopping) return new Promise<never>(() => {});
      throw new StartupError(`The product ended with ${code}, see above.`);
    });
    this.ended.catch(() => {});
    const running = new Promise<void>((done) => {
      child.stdout.on("data", (chunk: Buffer) => {
        const text = chunk.toString();
        if (text.includes("Watchkeeper is running at")) done();
        else if (!text.startsWith("{")) process.stdout.write(text);
      });
    });
    this.ready = Promise.race([running, this.ended]);
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill("SIGTERM");
    await exited;
  }

  async post<T>(path: string, body: object): Promise<T> {
    const answer = await fetch(`${this.url}${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${this.key}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }
}

async function connect(product: DemoProduct, platform: PlatformProcess): Promise<void> {
  const secret = `whsec_${randomBytes(32).toString("base64")}`;
  const { webhook_path } = await product.post<{ webhook_path: string }>("/api/v1/connections", {
    name: "Live demo (simulated platform)",
    base_url: platform.url,
    api_key: platform.apiKey,
    webhook_secrets: [secret],
  });
  await platform.control("subscribe", { url: `${product.url}${webhook_path}`, secret });
}

/** What one will see, and the way in. Marks the installation as a demo. */
async function guide(
  product: DemoProduct,
  platform: PlatformProcess,
  { sessions, running }: LiveDemoOptions,
): Promise<string> {
  setDatabaseUrl((await runningEmbedded(product.dataDir)) ?? "");
  await saveProgress("default")({ ...NO_DEMO, state: "live" });
  const link = await createSetupLink("command");
  await disconnect();
  return `
A live demo is running: ${product.url}${link}

  It is a simulated platform at ${platform.url}, read by the product as the real one is: by API, within
  240 reads a minute, with signed webhooks. ${sessions} sessions of the last ${DAYS} days come in newest first; about
  ${running} more are at work at any time. Open a running one and watch it, look at Costs and Overview, or
  pause the connection. Nothing of it is real, nothing stays: Ctrl-C ends and removes it.

`;
}
