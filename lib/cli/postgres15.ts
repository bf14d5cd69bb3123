import { spawnSync } from "node:child_process";

const FOLDERS = ["", "/usr/lib/postgresql/15/bin"];

/** The folder of PostgreSQL 15's programs, installing Debian's package if asked to and allowed. */
export async function findPostgres15(options: { install: boolean }): Promise<string | undefined> {
  const found = FOLDERS.map(programsIn).find((folder) => folder !== undefined);
  if (found || !options.install || process.getuid?.() !== 0) return found;
  spawnSync("apt-get", ["update"], { stdio: "inherit" });
  spawnSync("apt-get", ["install", "-y", "--no-install-recommends", "postgresql-15"], {
    stdio: "inherit",
  });
  return FOLDERS.map(programsIn).find((folder) => folder !== undefined);
}

/** An empty folder stands for the PATH. */
function programsIn(folder: string): string | undefined {
  const postgres = folder === "" ? "postgres" : `${folder}/postgres`;
  const { stdout } = spawnSync(postgres, ["--version"], { encoding: "utf8" });
  if (!/\(PostgreSQL\) 15\./.test(stdout ?? "")) return undefined;
  if (folder !== "") return folder;
  const which = spawnSync("sh", ["-c", 'dirname "$(readlink -f "$(command -v postgres)")"'], {
    encoding: "utf8",
  });
  return which.stdout.trim();
}
