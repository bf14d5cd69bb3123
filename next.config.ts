import type { NextConfig } from "next";
import { FILE_POLICY, SECURITY_HEADERS } from "./lib/http/guards.mjs";

/** What `proxy.ts` is not asked about and no route answers. */
const FILES = ["/_next/static/:path*", "/_next/image", "/:file(favicon.ico|icon.svg|robots.txt)"];
const GUARDS = Object.entries({ ...SECURITY_HEADERS, "content-security-policy": FILE_POLICY });

const config: NextConfig = {
  poweredByHeader: false,
  // Not searched for above this folder, where another project's lock file may lie.
  turbopack: { root: import.meta.dirname },
  outputFileTracingRoot: import.meta.dirname,
  serverExternalPackages: [
    "pg",
    "pino",
    "graphile-worker",
    "rate-limiter-flexible",
    "undici",
    "better-auth",
    "@zxcvbn-ts/core",
    "@zxcvbn-ts/language-common",
    "@zxcvbn-ts/language-en",
  ],
  // Types are checked by `npm test`; a start must not take that long.
  typescript: { ignoreBuildErrors: true },
  images: { unoptimized: true },
  headers: () =>
    FILES.map((source) => ({ source, headers: GUARDS.map(([key, value]) => ({ key, value })) })),
  experimental: { preloadEntriesOnStart: false, authInterrupts: true },
};

export default config;
