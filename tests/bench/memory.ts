import { setTimeout as sleep } from "node:timers/promises";
import { isWeb, isWorker, processTree, pssMib } from "./processes";
import type { Product } from "./product";
import type { Row } from "./report";

const LIMIT_MIB = 700;

/** Proportional set size of all processes of the product after a rest, the supervisor included. */
export async function measureMemory(
  product: Product,
  quick: boolean,
  when: string,
): Promise<Row[]> {
  await sleep(quick ? 2_000 : 20_000);
  const mib = { web: 0, worker: 0, database: 0, supervisor: 0 };
  for (const { pid, command } of await processTree(product.pid)) {
    const part = partOf(command);
    mib[part] += await pssMib(pid);
  }
  const total = Object.values(mib).reduce((sum, part) => sum + part, 0);
  const parts = Object.entries(mib).map(([part, value]) => `${part} ${Math.round(value)}`);
  return [
    {
      measure: `memory of all processes (PSS), idle ${when}`,
      value: `${Math.round(total)} MiB (${parts.join(", ")})`,
      target: `≤ ${LIMIT_MIB} MiB`,
      met: total <= LIMIT_MIB,
      figures: { totalMib: total, ...mib },
    },
  ];
}

function partOf(command: string): "web" | "worker" | "database" | "supervisor" {
  if (isWeb(command)) return "web";
  if (isWorker(command)) return "worker";
  return command.includes("postgres") ? "database" : "supervisor";
}
