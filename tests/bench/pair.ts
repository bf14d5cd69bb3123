import { rm } from "node:fs/promises";
import { join } from "node:path";
import type pg from "pg";
import { whole } from "./figures";
import { type Product, startProduct, tellErrors, withDatabase } from "./product";
import { note } from "./report";

/** Two installations, the second with ten times as much, filled inside Postgres. */
export type Pair = {
  root: string;
  name: string;
  /** Sessions of the smaller and of the larger one. */
  sizes: readonly [number, number];
  fill(client: pg.ClientBase, sessions: number): Promise<void>;
};

/** Measures both installations side by side and takes them away again, also when it fails. */
export async function onPair<T>(
  { root, name, sizes, fill }: Pair,
  measure: (small: Product, large: Product) => Promise<T>,
): Promise<T> {
  const dirOf = (sessions: number) => join(root, `${name}-${sessions}`);
  const products: Product[] = [];
  const filled = async (sessions: number): Promise<Product> => {
    await rm(dirOf(sessions), { recursive: true, force: true });
    const product = await startProduct(dirOf(sessions));
    products.push(product);
    const began = performance.now();
    await withDatabase(product.databaseUrl, (client) => fill(client, sessions));
    const seconds = Math.round((performance.now() - began) / 1000);
    note(`${whole(sessions)} sessions made in ${seconds} s`);
    return product;
  };
  try {
    return await measure(await filled(sizes[0]), await filled(sizes[1]));
  } catch (error) {
    for (const product of products) await tellErrors(product);
    throw error;
  } finally {
    for (const product of products) await product.stop();
    for (const sessions of sizes) await rm(dirOf(sessions), { recursive: true, force: true });
  }
}
