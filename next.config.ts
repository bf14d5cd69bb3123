import type { NextConfig } from "next";

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
  ],
  // Types are checked by `npm test`; a start must not take that long.
  typescript: { ignoreBuildErrors: true },
  images: { unoptimized: true },
  experimental: { preloadEntriesOnStart: false, authInterrupts: true },
};

export default config;
