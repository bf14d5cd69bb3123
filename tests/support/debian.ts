import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";

/**
 * Programs by their paths, or other files of the folder `within`: the system's, else out of Debian's
 * package, which is unpacked into a folder of ours and needs neither root nor a service. Throws, with
 * what stood in the way, where they cannot be had.
 */
export function needPrograms<N extends string>(
  of: string,
  names: readonly N[],
  within = "usr/bin",
): Record<N, string> {
  const folder = resolve("node_modules/.cache", of);
  const unpacked = join(folder, "root", within);
  const path = (process.env.PATH ?? "").split(delimiter);
  const found = find([...path, `/${within}`, unpacked], names);
  if (found) return found;
  const reasons: string[] = [];
  // A fresh machine has no lists of packages; these are ours alone.
  const own = [`Dir::State::lists=${join(folder, "lists")}`, `Dir::Cache=${join(folder, "cache")}`];
  const options = own.flatMap((option) => ["-o", option]);
  mkdirSync(join(folder, "lists/partial"), { recursive: true });
  mkdirSync(join(folder, "cache/archives/partial"), { recursive: true });
  const ran = ([file = "", ...args]: string[]): boolean => {
    const { status, stderr, error } = spawnSync(file, args, { cwd: folder, encoding: "utf8" });
    if (status === 0) return true;
    const said = error?.message ?? stderr.trim().split("\n").at(-1) ?? "";
    reasons.push(`${file} ${args.at(-1)} ended with ${status}: ${said}`);
    return false;
  };
  const unpack = () => {
    const file = readdirSync(folder).find((name) => name.endsWith(".deb"));
    return file !== undefined && ran(["dpkg-deb", "-x", file, "root"]);
  };
  const tries: string[][][] = [
    [["apt-get", "download", of]],
    [
      ["apt-get", ...options, "update"],
      ["apt-get", ...options, "download", of],
    ],
  ];
  for (const commands of tries) if (commands.every(ran) && unpack()) break;
  const here = find([unpacked], names);
  if (here) return here;
  throw new Error(
    `This test needs ${names.join(" and ")}. It is not on the PATH, and Debian's package could not be had: ${reasons.join("; ")}. Install it, for example by: apt-get install ${of}`,
  );
}

function find<N extends string>(
  folders: readonly string[],
  names: readonly N[],
): Record<N, string> | null {
  const folder = folders.find((one) => names.every((name) => existsSync(join(one, name))));
  if (folder === undefined) return null;
  return Object.fromEntries(names.map((name) => [name, join(folder, name)])) as Record<N, string>;
}
