import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { checkSecrets } from "@/lib/auth/lost-service";
import { isPrepared } from "@/lib/db/migrate";
import { findOrStart, type OpenDatabase } from "@/lib/db/open";
import { childEnv, env, StartupError } from "@/lib/env";
import { buildIfChanged, isBuilt } from "./build";
import { type Program, supervise } from "./supervisor";

/** `npm start`: everything. `npm start -- web` or `-- worker`: one part, for larger installations. */
export default async function start(args: string[]): Promise<number> {
  const parts = args.length > 0 ? args : ["web", "worker"];
  const unknown = parts.find((part) => part !== "web" && part !== "worker");
  if (unknown) throw new StartupError(`Unknown part "${unknown}": there are web and worker.`);
  const web = parts.includes("web");
  const asked = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => asked.abort());
  if (web) await checkPort();
  const opening = openReady();
  // It is awaited in the end; until then its failure must not pass for one nobody heard.
  opening.catch(() => {});
  try {
    if (web && !(await isBuilt())) {
      await opening;
      await buildIfChanged(asked.signal);
    }
    if (!asked.signal.aborted) await runParts(parts, { opening, asked: asked.signal });
  } finally {
    await opening.then(
      (database) => database.stop(),
      () => {},
    );
  }
  return 0;
}

/** The database, running and migrated. */
async function openReady(): Promise<OpenDatabase> {
  const database = await findOrStart({ join: false });
  try {
    await prepareApart(database.url);
    await checkSecrets(env.DATABASE_DIRECT_URL ?? database.url);
    return database;
  } catch (error) {
    await database.stop();
    throw error;
  }
}

/** In a process of its own: the schema engine's memory goes with it, this process stays small. */
async function prepareApart(url: string): Promise<void> {
  if (await isPrepared(env.DATABASE_DIRECT_URL ?? url)) return;
  process.stdout.write("Applying migrations …\n");
  const child = spawn(process.execPath, ["lib/cli/boot.mjs", "migrate"], {
    stdio: ["ignore", "inherit", "inherit"],
    env: childEnv({ DATABASE_URL: url }),
  });
  const [code] = await once(child, "exit");
  if (code !== 0) throw new StartupError("The database could not be prepared, see above.");
}

/**
 * Starts the parts at once: they load while the database gets ready, and hear where it is.
 * @throws StartupError if a part or the database is beyond help; returns when asked to stop.
 */
async function runParts(
  parts: string[],
  { opening, asked }: { opening: Promise<OpenDatabase>; asked: AbortSignal },
): Promise<void> {
  const told = opening.then(({ url }) => ({ databaseUrl: url }));
  const children = parts.map((part) => supervise({ ...programOf(part), told }));
  const over = Promise.race([
    once(asked, "abort").then(() => undefined),
    ...children.map((child) => child.givenUp),
    // That it cannot be opened ends the parts as well; once open, it is kept running.
    opening.then(() => new Promise<string>(() => {})),
  ]);
  const ready = Promise.all(children.map((child) => child.ready)).then(() => true);
  try {
    if ((await Promise.race([ready, over.then(() => false)])) && parts.includes("web")) {
      const address = env.WATCHKEEPER_PUBLIC_URL ?? `http://localhost:${env.PORT}`;
      process.stdout.write(`Watchkeeper is running at ${address}\n`);
    }
    const reason = await over;
    process.stdout.write("Stopping …\n");
    if (reason) throw new StartupError(`${reason}. Its last messages stand above.`);
  } finally {
    for (const child of children) await child.stop(10_000);
  }
}

function programOf(part: string): Program {
  const args =
    part === "web"
      ? // Batches of events are short-lived strings: more room for them saves a tenth of the work under load.
        ["--max-semi-space-size=64", "lib/cli/web.mjs", String(env.PORT), env.HOST]
      : ["lib/cli/boot.mjs", "worker"];
  return { name: part, args, env: { NODE_ENV: "production" } };
}

async function checkPort(): Promise<void> {
  const error = await new Promise<NodeJS.ErrnoException | undefined>((done) => {
    const probe = createServer();
    probe.once("error", done);
    probe.listen(env.PORT, env.HOST, () => probe.close(() => done(undefined)));
  });
  if (!error) return;
  if (error.code === "EADDRINUSE") {
    throw new StartupError(
      `Port ${env.PORT} is taken by another program. Stop that one, or choose another: PORT=${env.PORT + 1} npm start`,
    );
  }
  throw new StartupError(
    `Cannot listen on ${env.HOST}:${env.PORT} (${error.code}). Set PORT and HOST to a port and an address this user may use.`,
  );
}
