import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judgeAddress, literalAddress, networkOf, parseBlocks } from "@/lib/http/addresses";

const judge = (address: string, allow?: string) => judgeAddress(address, parseBlocks(allow));
const ANYTHING = /^(an?|the) /;

describe("judgeAddress", () => {
  it.each([
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "169.253.255.255",
    "169.255.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.167.255.255",
    "192.169.0.0",
    "223.255.255.255",
    "2606:4700:4700::1111",
    "2a00:1450:4001:81b::200e",
    "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8",
    "2002:808:808::1",
  ])("lets %s through", (address) => {
    expect(judge(address)).toEqual({ kind: "public" });
  });

  it.each([
    ["0.0.0.0", "an unspecified address"],
    ["0.1.2.3", "an unspecified address"],
    ["10.0.0.0", "a private address"],
    ["10.255.255.255", "a private address"],
    ["100.64.0.0", "an address inside a provider's network (100.64.0.0/10)"],
    ["100.100.100.200", "an address inside a provider's network (100.64.0.0/10)"],
    ["127.0.0.1", "a loopback address"],
    ["127.255.255.254", "a loopback address"],
    ["169.254.0.1", "a link-local address"],
    ["169.254.169.254", "a cloud's metadata address"],
    ["168.63.129.16", "a cloud's metadata address"],
    ["172.16.0.1", "a private address"],
    ["172.31.255.255", "a private address"],
    ["192.0.0.192", "a reserved address"],
    ["192.0.2.1", "a reserved address"],
    ["192.88.99.1", "a reserved address"],
    ["192.168.1.1", "a private address"],
    ["198.18.0.1", "a reserved address"],
    ["198.19.255.255", "a reserved address"],
    ["198.51.100.1", "a reserved address"],
    ["203.0.113.1", "a reserved address"],
    ["224.0.0.1", "a multicast address"],
    ["239.255.255.255", "a multicast address"],
    ["240.0.0.1", "a reserved address"],
    ["255.255.255.255", "the broadcast address"],
    // In other spellings.
    ["2130706433", "a loopback address"],
    ["0x7f000001", "a loopback address"],
    ["017700000001", "a loopback address"],
    ["127.1", "a loopback address"],
    ["0177.0.0.01", "a loopback address"],
    ["0x7f.0.0.1", "a loopback address"],
    ["0xa9.0xfe.0xa9.0xfe", "a cloud's metadata address"],
    ["2852039166", "a cloud's metadata address"],
    ["0", "an unspecified address"],
    // IPv6.
    ["::", "an unspecified address"],
    ["::1", "a loopback address"],
    ["0:0:0:0:0:0:0:1", "a loopback address"],
    ["fe80::1", "a link-local address"],
    ["fe80::1%eth0", "a link-local address"],
    ["fc00::1", "a private address (fc00::/7)"],
    ["fd00:ec2::254", "a private address (fc00::/7)"],
    ["fec0::1", "a private address (fec0::/10)"],
    ["ff02::1", "a multicast address"],
    ["100::1", "a reserved address"],
    ["2001:db8::1", "a reserved address"],
    ["2001:2::1", "a reserved address"],
    ["3fff::1", "a reserved address"],
    ["5f00::1", "a reserved address"],
    ["4000::1", "a reserved address"],
    // IPv4 within IPv6.
    ["::ffff:127.0.0.1", "a loopback address"],
    ["::ffff:7f00:1", "a loopback address"],
    ["0:0:0:0:0:ffff:a9fe:a9fe", "a cloud's metadata address"],
    ["::ffff:10.1.2.3", "a private address"],
    ["::127.0.0.1", "a reserved address"],
    ["::8.8.8.8", "a reserved address"],
    ["::ffff:0:127.0.0.1", "a reserved address"],
    ["64:ff9b::10.0.0.1", "a private address"],
    ["64:ff9b::a9fe:a9fe", "a cloud's metadata address"],
    ["64:ff9b:1::7f00:1", "a reserved address"],
    ["2002:7f00:1::", "a loopback address"],
    ["2002:c0a8:101::1", "a private address"],
    ["2001:0:53aa:64c:0:0:80ff:fffe", "a tunnel's address (2001::/32)"],
    // No address at all.
    ["", "no address"],
    ["localhost", "no address"],
    ["1.2.3.4.5", "no address"],
  ])("refuses %s as %s", (address, what) => {
    expect(judge(address)).toEqual({ kind: "refused", what });
  });

  it.each([
    ["10.1.2.3", "10.0.0.0/8"],
    ["127.0.0.1", "10.0.0.0/8, 127.0.0.1"],
    ["2130706433", "127.0.0.1/32"],
    ["::1", "::1/128"],
    ["::1", "::1"],
    ["fd12::5", "fd00::/8"],
    ["169.254.169.254", "169.254.169.254/32"],
    ["::ffff:10.1.2.3", "10.0.0.0/8"],
    ["64:ff9b::10.1.2.3", "10.0.0.0/8"],
    ["2002:a01:203::1", "10.0.0.0/8"],
    ["::ffff:10.1.2.3", "::ffff:0:0/96"],
    ["8.8.8.8", "8.8.8.0/24"],
  ])("lets %s through where %s is allowed", (address, allow) => {
    expect(judge(address, allow)).toEqual({ kind: "allowed" });
  });

  it.each([
    ["10.1.2.3", "10.0.0.0/16"],
    ["127.0.0.1", "::1/128"],
    ["::1", "127.0.0.0/8"],
    ["192.168.1.8", "192.168.1.7"],
    ["fe80::1", "fd00::/8"],
    ["10.1.2.3", ""],
    ["10.1.2.3", "localhost,/8"],
  ])("refuses %s where only %s is allowed", (address, allow) => {
    expect(judge(address, allow)).toMatchObject({ kind: "refused" });
  });

  it("judges an IPv4 address alike however it is written", () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.constantFrom("", "10.0.0.0/8", "0.0.0.0/1"), (text, allow) => {
        const bytes = text.split(".").map(Number);
        const hex = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
        const halves = `${hex.slice(0, 4)}:${hex.slice(4)}`;
        const octal = bytes.map((byte) => `0${byte.toString(8)}`).join(".");
        const verdict = judge(text, allow);
        for (const other of [`0x${hex}`, String(Number.parseInt(hex, 16)), octal])
          expect(judge(other, allow)).toEqual(verdict);
        for (const other of [`::ffff:${halves}`, `64:ff9b::${halves}`, `2002:${halves}::1`])
          expect(judge(other, allow)).toEqual(verdict);
      }),
    );
  });

  it("takes nothing outside 2000::/3 for public, unless an IPv4 address is in it", () => {
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        const verdict = judge(text);
        if (verdict.kind === "public")
          expect(text).toMatch(/^([23][0-9a-f]{3}:|::ffff:|64:ff9b::)/i);
        else expect(verdict).toEqual({ kind: "refused", what: expect.stringMatching(ANYTHING) });
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("literalAddress", () => {
  it.each([
    ["127.0.0.1", "127.0.0.1"],
    ["[::1]", "::1"],
    ["::1", "::1"],
    ["2130706433", "127.0.0.1"],
    ["0x7f.1", "127.0.0.1"],
    ["example.com", null],
    ["localhost", null],
    ["1.2.3.4.nip.io", null],
    ["dead.beef", null],
    ["", null],
  ])("%s is %s", (host, address) => {
    expect(literalAddress(host)).toBe(address);
  });
});

it.each([
  ["192.0.2.1", 64, "192.0.2.1"],
  ["::ffff:192.0.2.1", 64, "192.0.2.1"],
  ["2001:db8:1:2:3:4:5:6", 64, "2001:db8:1:2::/64"],
  ["2001:DB8:1:2::1", 48, "2001:db8:1::/48"],
  ["64:ff9b::c000:201", 48, "192.0.2.1"],
  ["somewhere", 64, "somewhere"],
] as const)("networkOf(%s, %i) is %s", (text, bits, network) => {
  expect(networkOf(text, bits)).toBe(network);
});
