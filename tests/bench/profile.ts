import { readFile, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isWeb, isWorker, processTree } from "./processes";
import { type Product, withDatabase } from "./product";
import { note } from "./report";

type CpuProfile = {
  nodes: Array<{
    id: number;
    callFrame: { functionName: string; url: string; lineNumber: number };
  }>;
  samples: number[];
  timeDeltas: number[];
};

const TOP = 45;

/** Where the web process or the worker (CPU samples) and the database (pg_stat_statements) spend their time. */
export class Profile {
  private constructor(
    readonly product: Product,
    readonly part: "web" | "worker",
    readonly pid: number,
    readonly file: string,
  ) {}

  /** Takes effect with the next start of the database. */
  static async prepare(databaseUrl: string): Promise<void> {
    await withDatabase(databaseUrl, async (client) => {
      await client.query("alter system set shared_preload_libraries = 'pg_stat_statements'");
      await client.query("alter system set pg_stat_statements.max = 1000");
    });
  }

  static async begin(product: Product, part: "web" | "worker" = "web"): Promise<Profile> {
    const isPart = part === "web" ? isWeb : isWorker;
    const found = (await processTree(product.pid)).find(({ command }) => isPart(command));
    if (!found) throw new Error(`The ${part} process was not found.`);
    const file = resolve(`tests/.results/${part}-${found.pid}.cpuprofile`);
    await rm(file, { force: true });
    await withDatabase(product.databaseUrl, async (client) => {
      await client.query("create extension if not exists pg_stat_statements");
      await client.query("select pg_stat_statements_reset()");
    });
    process.kill(found.pid, "SIGUSR2");
    return new Profile(product, part, found.pid, file);
  }

  async end(): Promise<void> {
    process.kill(this.pid, "SIGUSR2");
    note(await topStatements(this.product.databaseUrl));
    for (let i = 0; i < 300; i++) {
      const text = await readFile(this.file, "utf8").catch(() => "");
      if (text.endsWith("}")) return note(`\nThe ${this.part}: ${topFunctions(JSON.parse(text))}`);
      await sleep(100);
    }
    note(`The ${this.part} wrote no profile.`);
  }
}

async function topStatements(url: string): Promise<string> {
  const { rows } = await withDatabase(url, (client) =>
    client.query<{ ms: string; calls: string; rows: string; query: string }>(
      `select round(total_exec_time::numeric) as ms, calls, rows, query from pg_stat_statements
       order by total_exec_time desc limit 25`,
    ),
  );
  const lines = rows.map(
    ({ ms, calls, rows: n, query }) =>
      `${ms.padStart(8)} ${calls.padStart(7)} ${n.padStart(9)}  ${query.replace(/\s+/g, " ").slice(0, 110)}`,
  );
  return `\nDatabase: total ms, calls, rows, statement\n${lines.join("\n")}`;
}

function topFunctions(profile: CpuProfile): string {
  const names = new Map(
    profile.nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => {
      const file = url.split("/").slice(-2).join("/");
      return [id, `${functionName || "(anonymous)"} ${file}:${lineNumber + 1}`];
    }),
  );
  const selfUs = new Map<string, number>();
  let totalUs = 0;
  profile.samples.forEach((id, index) => {
    const name = names.get(id) ?? "";
    const us = profile.timeDeltas[index] ?? 0;
    selfUs.set(name, (selfUs.get(name) ?? 0) + us);
    totalUs += us;
  });
  const lines = [...selfUs]
    .sort((a, b) => b[1] - a[1])
    .slice(0, TOP)
    .map(
      ([name, us]) =>
        `${String(Math.round(us / 1000)).padStart(8)} ${((100 * us) / totalUs).toFixed(1).padStart(5)} %  ${name}`,
    );
  return `self ms, share, function\n${lines.join("\n")}`;
}
