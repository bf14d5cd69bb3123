import { join } from "node:path";
import { defineConfig } from "vitest/config";

const root = join(import.meta.dirname, "..");

// Settings of the shell the tests are started from must not reach them: empty counts as not set.
const names =
  "PORT HOST DATABASE_URL DATABASE_DIRECT_URL CI WATCHKEEPER_DATA WATCHKEEPER_SECRET WATCHKEEPER_SECRET_PREVIOUS WATCHKEEPER_INIT_API_KEY WATCHKEEPER_INIT_EMAIL WATCHKEEPER_INIT_PASSWORD WATCHKEEPER_OUTBOUND_ALLOW WATCHKEEPER_TRUSTED_PROXIES WATCHKEEPER_METRICS_PUBLIC WATCHKEEPER_PUBLIC_URL WATCHKEEPER_OIDC_ISSUER WATCHKEEPER_OIDC_CLIENT_ID WATCHKEEPER_OIDC_CLIENT_SECRET WATCHKEEPER_OIDC_NAME WATCHKEEPER_OIDC_ROLE WATCHKEEPER_OIDC_ALLOWED_DOMAINS WATCHKEEPER_OIDC_ROLE_CLAIM";
const env = Object.fromEntries(names.split(" ").map((name) => [name, ""]));

const resolve = { alias: [{ find: /^@\//, replacement: `${root}/` }] };

export default defineConfig({
  root,
  test: {
    // A failure names what differs, also where it is a list: nobody can look at it again in CI.
    chaiConfig: { truncateThreshold: 2_000 },
    projects: [
      {
        root,
        resolve,
        test: {
          name: "unit",
          env,
          include: ["tests/unit/**/*.test.ts", "tests/unit/**/*.test.tsx", "tests/*.test.ts"],
          // They leave nothing behind: a process has its imports once, not for every file.
          isolate: false,
          maxWorkers: 2,
          testTimeout: 20_000,
        },
      },
      {
        root,
        resolve,
        test: {
          name: "api",
          env,
          include: ["tests/api/**/*.test.ts"],
          globalSetup: ["tests/support/postgres.ts"],
          setupFiles: ["tests/support/setup.ts"],
          pool: "forks",
          maxWorkers: 2,
          testTimeout: 90_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
