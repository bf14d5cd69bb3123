import { runChaos } from "@/tests/chaos/run";
import { buildIfChanged } from "./build";

/** `npm run chaos -- [PART…] [--quick]`: load and faults on the built product, see tests/chaos/run.ts. */
export default async function chaos(args: string[]): Promise<number> {
  await buildIfChanged();
  return runChaos(args);
}
