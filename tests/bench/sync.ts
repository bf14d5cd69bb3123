import { rm } from "node:fs/promises";
import { type Product, startProduct, tellErrors } from "./product";
import { Profile } from "./profile";
import type { Row } from "./report";
import { measureBackfill } from "./sync-backfill";
import { withPlatforms } from "./sync-platform";
import { measureSteady } from "./sync-steady";

type Options = { quick: boolean; profile: boolean };

/** The connector against test platforms on this machine: history as fast as it goes, then a fleet at work. */
export async function measureSync(dataDir: string, options: Options): Promise<Row[]> {
  await rm(dataDir, { recursive: true, force: true });
  const env = { WATCHKEEPER_OUTBOUND_ALLOW: "127.0.0.1/32" };
  const start = () => startProduct(dataDir, { profile: options.profile, env });
  let product: Product = await start();
  try {
    if (options.profile) {
      await Profile.prepare(product.databaseUrl);
      await product.stop();
      product = await start();
    }
    const rows = await withPlatforms(1, ([platform]) =>
      platform ? measureBackfill(product, platform, options) : Promise.resolve([]),
    );
    return [...rows, ...(await withPlatforms(3, (all) => measureSteady(product, all, options)))];
  } catch (error) {
    await tellErrors(product);
    throw error;
  } finally {
    await product.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}
