import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";

/** The programs of an installed Prometheus, or of Debian's package unpacked here. */
export type Prometheus = { prometheus: string; promtool: string };

const FOLDER = resolve("node_modules/.cache/prometheus");
const UNPACKED = join(FOLDER, "root/usr/bin");

function findPrometheus(): Prometheus | undefined {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/bin", UNPACKED];
  return folders
    .map((folder) => ({
      prometheus: join(folder, "prometheus"),
      promtool: join(folder, "promtool"),
    }))
    .find(({ prometheus, promtool }) => existsSync(prometheus) && existsSync(promtool));
}

/**
 * Prometheus and promtool: the system's, else out of Debian's package, which is unpacked into a folder
 * of ours and needs neither root nor a service. Throws, with what stood in the way, where it cannot be had.
 */
export function needPrometheus(): Prometheus {
  const found = findPrometheus();
  if (found) return found;
  const reasons: string[] = [];
  // A fresh machine has no lists of packages; these are ours alone.
  const own = [`Dir::State::lists=${join(FOLDER, "lists")}`, `Dir::Cache=${join(FOLDER, "cache")}`];
  const options = own.flatMap((option) => ["-o", option]);
  mkdirSync(join(FOLDER, "lists/partial"), { recursive: true });
  mkdirSync(join(FOLDER, "cache/archives/partial"), { recursive: true });
  const tries: string[][][] = [
    [["apt-get", "download", "prometheus"]],
    [
      ["apt-get", ...options, "update"],
      ["apt-get", ...options, "download", "prometheus"],
    ],
  ];
  for (const commands of tries) {
    if (commands.every((command) => ran(command, reasons)) && unpack(reasons)) break;
  }
  const unpacked = findPrometheus();
  if (unpacked) return unpacked;
  throw new Error(
    `This test needs Prometheus. It is not on the PATH, and Debian's package could not be had: ${reasons.join("; ")}. Install it, for example by: apt-get install prometheus`,
  );
}

function ran([file = "", ...args]: string[], reasons: string[]): boolean {
  const { status, stderr, error } = spawnSync(file, args, { cwd: FOLDER, encoding: "utf8" });
  if (status === 0) return true;
  const said = error?.message ?? stderr.trim().split("\n").at(-1) ?? "";
  reasons.push(`${file} ${args.at(-1)} ended with ${status}: ${said}`);
  return false;
}

function unpack(reasons: string[]): boolean {
  const file = readdirSync(FOLDER).find((name) => name.endsWith(".deb"));
  return file !== undefined && ran(["dpkg-deb", "-x", file, "root"], reasons);
}
