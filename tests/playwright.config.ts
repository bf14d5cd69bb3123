import { defineConfig, devices } from "@playwright/test";
import { findBrowser } from "./support/find-browser";

const executablePath = findBrowser();
const args = [
  "--disable-gpu",
  "--disable-quic",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // The product is `localhost`, a provider of identities 127.0.0.1; nobody else is found, by name or number.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
  // Chromium's own sandbox does not work for root.
  ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
];

// No traces: recording them is a tenth of all the work. `--trace on` makes those of a single test.
export default defineConfig({
  testDir: "e2e",
  outputDir: ".results/browser",
  globalSetup: "./support/start-product.ts",
  reporter: [["list"], ["json", { outputFile: ".results/browser.json" }]],
  workers: 2,
  // CI names one that passed at its second try, and goes on.
  retries: process.env.CI ? 1 : 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    // Set by the global set-up, before the processes that run the tests begin.
    baseURL: process.env.TEST_BASE_URL,
    launchOptions: { args, ...(executablePath ? { executablePath } : {}) },
    screenshot: "only-on-failure",
    timezoneId: "UTC",
    locale: "en-GB",
  },
  projects: [
    { name: "set-up", testMatch: "*.setup.ts" },
    {
      name: "desktop",
      dependencies: ["set-up"],
      use: {
        ...devices["Desktop Chrome"],
        viewport: { width: 1440, height: 900 },
        storageState: "tests/.results/signed-in.json",
      },
    },
    {
      name: "phone",
      dependencies: ["set-up"],
      grep: /@phone/,
      use: {
        ...devices["Pixel 7"],
        viewport: { width: 360, height: 780 },
        storageState: "tests/.results/signed-in.json",
      },
    },
  ],
});
