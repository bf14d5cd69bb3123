import { expect, it } from "vitest";
import { clientAddress } from "@/lib/http/client-address";

it.each([
  ["nobody told", {}, "", null],
  ["the other end", { "x-watchkeeper-peer": "192.0.2.1" }, "", "192.0.2.1"],
  ["an IPv4 address within IPv6", { "x-watchkeeper-peer": "::ffff:192.0.2.1" }, "", "192.0.2.1"],
  [
    "what a caller says of itself",
    { "x-watchkeeper-peer": "192.0.2.1", "x-forwarded-for": "203.0.113.9" },
    "",
    "192.0.2.1",
  ],
  [
    "what a trusted proxy says",
    { "x-watchkeeper-peer": "10.0.0.1", "x-forwarded-for": "203.0.113.9" },
    "10.0.0.0/8",
    "203.0.113.9",
  ],
  [
    "what the first of trusted proxies says, and nothing before",
    { "x-watchkeeper-peer": "10.0.0.1", "x-forwarded-for": "1.2.3.4, 203.0.113.9, 10.0.0.2" },
    "10.0.0.0/8",
    "203.0.113.9",
  ],
  [
    "a proxy that forwards for itself",
    { "x-watchkeeper-peer": "10.0.0.1", "x-forwarded-for": "10.0.0.3" },
    "10.0.0.0/8",
    "10.0.0.3",
  ],
])("believes %s", (_, headers, trusted, address) => {
  expect(clientAddress(new Headers(headers), trusted)).toBe(address);
});
