import { join } from "node:path";
import { defineConfig } from "vitest/config";

const root = join(import.meta.dirname, "..");

// Settings of the shell the tests are started from must not reach them.
const env = Object.fromEntries(
  ["PORT", "HOST", "DATABASE_URL", "DATABASE_DIRECT_URL", "CI"]
    .concat(["DATA", "SECRET", "OUTBOUND_ALLOW", "METRICS_PUBLIC", "PUBLIC_URL"].map(prefixed))
    .concat(["INIT_API_KEY", "INIT_EMAIL", "INIT_PASSWORD"].map(prefixed))
    .map((name) => [name, ""]),
);

function prefixed(name: string): string {
  return `WATCHKEEPER_${name}`;
}

const resolve = { alias: [{ find: /^@\//, replacement: `${root}/` }] };

export default defineConfig({
  root,
  test: {
    projects: [
      {
        root,
        resolve,
        test: {
          name: "unit",
          env,
          include: ["tests/unit/**/*.test.ts", "tests/unit/**/*.test.tsx", "tests/*.test.ts"],
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
          testTimeout: 30_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
