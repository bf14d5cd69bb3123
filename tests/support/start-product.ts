import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { childEnv } from "@/lib/env";
import { freePort } from "./free-port";
import { CLIENT, startOidcServer } from "./oidc-server";

export type Product = { url: string; setupUrl: string; stop(): Promise<void> };

/**
 * Before all browser tests: the product as a newcomer starts it, with a way in by a provider. The
 * tests find its address and its one-time set-up link in TEST_BASE_URL and TEST_SETUP_URL.
 */
export default async function startForAll(): Promise<() => Promise<void>> {
  const port = await freePort();
  // By its name: it is the only one that the browser of the tests finds.
  const callback = `http://localhost:${port}/api/auth/oidc/callback`;
  const provider = await startOidcServer(callback, "localhost");
  Object.assign(provider.people, PEOPLE);
  const product = await startProduct(
    {
      WATCHKEEPER_OIDC_ISSUER: provider.issuer,
      WATCHKEEPER_OIDC_CLIENT_ID: CLIENT.id,
      WATCHKEEPER_OIDC_CLIENT_SECRET: CLIENT.secret,
      WATCHKEEPER_OIDC_NAME: "Example ID",
    },
    port,
  );
  process.env.TEST_BASE_URL = product.url;
  process.env.TEST_SETUP_URL = product.setupUrl;
  return async () => {
    await product.stop();
    await provider.stop();
  };
}

/** The whole product on an empty data folder of its own, with these settings beside the usual ones. */
export async function startProduct(
  variables: Record<string, string>,
  port?: number,
): Promise<Product> {
  const dataDir = await mkdtemp(join(tmpdir(), "watchkeeper-browser-"));
  const own = String(port ?? (await freePort()));
  const child = spawn(process.execPath, ["lib/cli/boot.mjs", "start"], {
    env: childEnv({
      ...UNSET,
      PORT: own,
      HOST: "127.0.0.1",
      WATCHKEEPER_DATA: dataDir,
      // The platform that tests connect to runs on this machine.
      WATCHKEEPER_OUTBOUND_ALLOW: "127.0.0.1/32,::1/128",
      ...variables,
    }),
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  const running = new Promise<void>((done, failed) => {
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes("Watchkeeper is running at")) done();
    });
    child.once("exit", () => failed(new Error(`The product did not start:\n${output}`)));
  });
  await running;
  return {
    url: `http://localhost:${own}`,
    setupUrl: /set Watchkeeper up at (\S+)/.exec(output)?.[1] ?? "",
    stop: async () => {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Whom the provider knows, by the name they sign in with. */
const PEOPLE = {
  olga: { email: "olga@example.com", email_verified: true, name: "Olga" },
  mallory: { email: "ada@example.com", email_verified: false, name: "Mallory" },
};

// A setting of the shell the tests are started from must not reach the product.
const UNSET = {
  DATABASE_URL: "",
  DATABASE_DIRECT_URL: "",
  WATCHKEEPER_INIT_API_KEY: "",
  WATCHKEEPER_INIT_EMAIL: "",
  WATCHKEEPER_INIT_PASSWORD: "",
  WATCHKEEPER_PUBLIC_URL: "",
  WATCHKEEPER_TRUSTED_PROXIES: "",
};
