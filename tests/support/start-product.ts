import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { childEnv } from "@/lib/env";
import { freePort } from "./free-port";
import { CLIENT, startOidcServer } from "./oidc-server";

/**
 * Before all browser tests: the product as a newcomer starts it, on an empty data folder. The tests
 * find its address and its one-time set-up link in TEST_BASE_URL and TEST_SETUP_URL.
 */
export default async function startProduct(): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), "watchkeeper-browser-"));
  const port = await freePort();
  // By its name: it is the only one that the browser of the tests finds.
  const callback = `http://localhost:${port}/api/auth/oidc/callback`;
  const provider = await startOidcServer(callback, "localhost");
  Object.assign(provider.people, PEOPLE);
  const child = spawn(process.execPath, ["lib/cli/boot.mjs", "start"], {
    env: childEnv({
      ...UNSET,
      PORT: String(port),
      HOST: "127.0.0.1",
      WATCHKEEPER_DATA: dataDir,
      // The platform that tests connect to runs on this machine.
      WATCHKEEPER_OUTBOUND_ALLOW: "127.0.0.1/32,::1/128",
      WATCHKEEPER_OIDC_ISSUER: provider.issuer,
      WATCHKEEPER_OIDC_CLIENT_ID: CLIENT.id,
      WATCHKEEPER_OIDC_CLIENT_SECRET: CLIENT.secret,
      WATCHKEEPER_OIDC_NAME: "Example ID",
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
  process.env.TEST_BASE_URL = `http://localhost:${port}`;
  process.env.TEST_SETUP_URL = /set Watchkeeper up at (\S+)/.exec(output)?.[1] ?? "";
  return async () => {
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    await ended;
    await provider.stop();
    await rm(dataDir, { recursive: true, force: true });
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
