import { runBench } from "@/tests/bench/run";
import { buildIfChanged } from "./build";

/** `npm run bench -- [PART…] [--quick] [--profile]`: measures the built product, see tests/bench/run.ts. */
export default async function bench(args: string[]): Promise<number> {
  await buildIfChanged();
  return runBench(args);
}
