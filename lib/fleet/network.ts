import type { Network } from "./schema";

/** Hosts that are told; a list may hold hundreds. */
const SHOWN = 50;

type Loose = Record<string, unknown>;
const objectOf = (value: unknown): Loose =>
  typeof value === "object" && value !== null ? (value as Loose) : {};

/** What a session in an environment may reach, from the environment's `config`. */
export function networkOf(config: unknown): Network {
  const { type, networking } = objectOf(config);
  if (type === "self_hosted") return { kind: "own" };
  const network = objectOf(networking);
  if (network.type === "unrestricted") return { kind: "unrestricted" };
  if (network.type !== "limited") return { kind: "unknown" };
  const hosts = Array.isArray(network.allowed_hosts) ? network.allowed_hosts : [];
  return {
    kind: "limited",
    allowed_hosts: hosts.filter((host) => typeof host === "string").slice(0, SHOWN),
    mcp_servers: network.allow_mcp_servers === true,
    package_managers: network.allow_package_managers === true,
  };
}

/** A limit that lets everything through is none. */
export const isOpen = (network: Network): boolean =>
  network.kind === "unrestricted" ||
  (network.kind === "limited" && network.allowed_hosts.includes("*"));
