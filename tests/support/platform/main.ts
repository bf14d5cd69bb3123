import { startPlatform } from "./server";
import type { PlatformOptions } from "./shapes";

// node --import tsx tests/support/platform/main.ts '{"port": 4010}'
// Prints one JSON line and serves until it is told to end or whoever started it has gone.
const options = JSON.parse(process.argv[2] ?? "{}") as PlatformOptions;
const platform = await startPlatform(options);
const { url, apiKey, adminKey, workspaceId, organizationId } = platform;
process.stdout.write(
  `${JSON.stringify({ url, apiKey, adminKey, workspaceId, organizationId, pid: process.pid })}\n`,
);

const end = () => platform.close().then(() => process.exit(0));
process.once("SIGTERM", end);
process.once("SIGINT", end);
process.once("disconnect", end);
