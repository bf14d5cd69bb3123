import { env } from "@/lib/env";
import { type Block, isAddressWithin, parseBlocks } from "./addresses";

/** Set by our own server on every request, whatever was sent under that name. */
const PEER = "x-watchkeeper-peer";

/**
 * The address a request came from. What `x-forwarded-for` says is believed from the right, as far as
 * it was WATCHKEEPER_TRUSTED_PROXIES who wrote it. Null where the server did not tell.
 */
export function clientAddress(
  headers: Headers,
  trusted: string | undefined = env.WATCHKEEPER_TRUSTED_PROXIES,
): string | null {
  const proxies = blocksOf(trusted);
  const told = (headers.get("x-forwarded-for") ?? "").split(",").map((part) => part.trim());
  const hops = [...told, headers.get(PEER) ?? ""].filter((hop) => hop !== "");
  const peer = headers.get(PEER);
  if (!peer) return null;
  while (hops.length > 1 && isAddressWithin(hops.at(-1) ?? "", proxies)) hops.pop();
  return hops.at(-1)?.replace(/^::ffff:(?=\d+\.)/, "") ?? null;
}

let parsed: { text: string | undefined; blocks: Block[] } = { text: undefined, blocks: [] };

/** The same setting at every request. */
function blocksOf(text: string | undefined): Block[] {
  if (parsed.text !== text) parsed = { text, blocks: parseBlocks(text) };
  return parsed.blocks;
}
