import { lookup } from "node:dns/promises";
import { env } from "@/lib/env";
import { type Block, judgeAddress, literalAddress, parseBlocks } from "./addresses";
import { OutboundError } from "./outbound-error";

const ALLOW = "WATCHKEEPER_OUTBOUND_ALLOW";

/** Protocols that hide nothing on the way. */
const PLAIN: Record<string, { is: string; better: string }> = {
  "http:": { is: "plain http", better: "https" },
  "smtp:": { is: "SMTP without TLS", better: "STARTTLS" },
};

/** All addresses of a host name. */
export type Resolver = (hostname: string) => Promise<string[]>;

export type GuardOptions = {
  /** Addresses and CIDRs that may be called although they are not public; default the environment's. */
  allow?: string;
  resolve?: Resolver;
};

const resolveBySystem: Resolver = async (hostname) =>
  (await lookup(hostname, { all: true })).map(({ address }) => address);

/**
 * The addresses of a host, at least one, each of them checked. Throws `refused_address` when one is
 * neither public nor allowed, or not allowed while the call would go there in clear text.
 */
export async function checkedAddresses(
  { protocol, hostname }: { protocol: string; hostname: string },
  { allow = env.WATCHKEEPER_OUTBOUND_ALLOW, resolve = resolveBySystem }: GuardOptions = {},
): Promise<string[]> {
  const literal = literalAddress(hostname);
  const addresses = literal === null ? await resolve(hostname) : [literal];
  if (addresses.length === 0) throw new OutboundError("network", `${hostname} has no address.`);
  const blocks = parseBlocks(allow);
  for (const address of addresses) check({ protocol, hostname, address, blocks });
  return addresses;
}

function check(call: { protocol: string; hostname: string; address: string; blocks: Block[] }) {
  const { protocol, hostname, address, blocks } = call;
  const verdict = judgeAddress(address, blocks);
  const place = literalAddress(hostname) === null ? `${hostname} (${address})` : address;
  if (verdict.kind === "refused")
    throw new OutboundError(
      "refused_address",
      `${place} was not called: it is ${verdict.what}. If it is meant, add it to ${ALLOW}, for example ${ALLOW}=${cidrOf(address)}, and restart.`,
    );
  const plain = PLAIN[protocol];
  if (plain && verdict.kind === "public")
    throw new OutboundError(
      "refused_address",
      `${place} was not called: ${plain.is} would send keys in clear text. Use ${plain.better}, or add the address to ${ALLOW}.`,
    );
}

const cidrOf = (address: string) => `${address}/${address.includes(":") ? 128 : 32}`;

/**
 * The address of an outbound call. Throws `bad_url` for anything but http and https, and for a user
 * name or password in it, which would end up in logs.
 */
export function parseOutboundUrl(text: string | URL): URL {
  const url = URL.canParse(String(text)) ? new URL(String(text)) : null;
  if (url === null)
    throw new OutboundError("bad_url", "This is not a URL; it begins with https://.");
  if (url.protocol !== "https:" && url.protocol !== "http:")
    throw new OutboundError(
      "bad_url",
      `${url.protocol} is not possible; only https: and http: are.`,
    );
  if (url.username !== "" || url.password !== "")
    throw new OutboundError("bad_url", "A user name or password in a URL is not possible.");
  return url;
}

/**
 * For the moment a URL is saved: throws `bad_url` or `refused_address` as calling it would. A name
 * that cannot be resolved passes, for every call is checked again.
 */
export async function checkOutboundUrl(
  text: string | URL,
  options: GuardOptions = {},
): Promise<void> {
  const url = parseOutboundUrl(text);
  try {
    await checkedAddresses(url, options);
  } catch (error) {
    if (error instanceof OutboundError && error.reason === "refused_address") throw error;
  }
}
