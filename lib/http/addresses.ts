import ipaddr from "ipaddr.js";

type Address = ipaddr.IPv4 | ipaddr.IPv6;
/** An address and how many of its leading bits count. */
export type Block = [Address, number];

export type Verdict =
  | { kind: "public" }
  | { kind: "allowed" }
  /** `what` completes "it is …". */
  | { kind: "refused"; what: string };

/** Where a cloud tells hosts their own credentials and settings; the second is a public address. */
const METADATA = ["169.254.169.254", "168.63.129.16"];

const WORDS: Record<string, string> = {
  unspecified: "an unspecified address",
  broadcast: "the broadcast address",
  multicast: "a multicast address",
  linkLocal: "a link-local address",
  loopback: "a loopback address",
  carrierGradeNat: "an address inside a provider's network (100.64.0.0/10)",
  private: "a private address",
  uniqueLocal: "a private address (fc00::/7)",
  deprecatedSiteLocal: "a private address (fec0::/10)",
  teredo: "a tunnel's address (2001::/32)",
};

/** Addresses and CIDRs between commas, as in WATCHKEEPER_OUTBOUND_ALLOW. Parts that are neither are left out. */
export function parseBlocks(text: string | undefined): Block[] {
  return (text ?? "").split(",").flatMap((part): Block[] => {
    const written = part.trim();
    if (ipaddr.isValidCIDR(written)) return [ipaddr.parseCIDR(written)];
    if (!ipaddr.isValid(written)) return [];
    const address = ipaddr.parse(written);
    return [[address, address.kind() === "ipv4" ? 32 : 128]];
  });
}

/** Of an IPv6 address the network of its first bits, since whoever has one of it has all; others as they are. */
export function networkOf(text: string, bits: 48 | 64): string {
  const address = parse(text);
  if (address?.kind() !== "ipv6") return text;
  const carried = carriedBy(address);
  if (carried) return carried.toString();
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${address}/${bits}`)}/${bits}`;
}

/** The address a host name is by itself, in any spelling (`2130706433`, `0x7f.1`, `[::1]`); null for a name. */
export function literalAddress(host: string): string | null {
  return parse(host.replace(/^\[(.*)\]$/, "$1"))?.toString() ?? null;
}

function parse(text: string): Address | null {
  // ipaddr.js reads `::a.b.c.d` as `::ffff:a.b.c.d`, which is another address.
  const written = text.replace(/^::(?=\d+\.)/, "0:0:0:0:0:0:");
  return ipaddr.isValid(written) ? ipaddr.parse(written) : null;
}

/**
 * Whether a call may go to this address: a public one always, any other only inside `allow`.
 * An IPv4 address carried within an IPv6 one counts as itself.
 */
export function judgeAddress(text: string, allow: readonly Block[]): Verdict {
  const written = parse(text);
  if (written === null) return { kind: "refused", what: "no address" };
  const carried = carriedBy(written);
  if ([written, carried].some((address) => address && isWithin(address, allow)))
    return { kind: "allowed" };
  const what = refusalOf(carried ?? written);
  return what === null ? { kind: "public" } : { kind: "refused", what };
}

/** Whether text is an address inside one of these blocks; an IPv4 address within an IPv6 one counts as itself. */
export function isAddressWithin(text: string, blocks: readonly Block[]): boolean {
  const written = parse(text);
  if (written === null) return false;
  const carried = carriedBy(written);
  return isWithin(written, blocks) || (carried !== null && isWithin(carried, blocks));
}

function isWithin(address: Address, blocks: readonly Block[]): boolean {
  return blocks.some((block) => block[0].kind() === address.kind() && address.match(block));
}

/** What is wrong with an address, or null when it is an ordinary public one. */
function refusalOf(address: Address): string | null {
  const range = address.range();
  if (METADATA.includes(address.toString())) return "a cloud's metadata address";
  if (range !== "unicast") return WORDS[range] ?? "a reserved address";
  // Only 2000::/3 has been given out; what lies outside leads to nobody or to some translation.
  const isGlobal = address.kind() === "ipv4" || ((address.toByteArray()[0] ?? 0) & 0xe0) === 0x20;
  return isGlobal ? null : "a reserved address";
}

/** The IPv4 address that a call to this IPv6 address ends at: mapped, NAT64, 6to4. */
function carriedBy(address: Address): ipaddr.IPv4 | null {
  if (!("parts" in address)) return null;
  const range = address.range();
  // 64:ff9b:1::/48 is a network's own translation, whose form only that network knows.
  const isNat64 = range === "rfc6052" && address.parts[2] === 0;
  if (range === "ipv4Mapped" || isNat64) return new ipaddr.IPv4(address.toByteArray().slice(12));
  return range === "6to4" ? new ipaddr.IPv4(address.toByteArray().slice(2, 6)) : null;
}
