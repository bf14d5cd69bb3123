import { POST } from "@/app/api/v1/connections/route";
import type { ConnectionItem } from "@/lib/connections/schema";
import { env } from "@/lib/env";
import { call } from "./call";
import type { Platform } from "./platform/platform";

/** Lets this process call the test platform, and seal what it stores. */
export function allowLoopback(): void {
  env.WATCHKEEPER_OUTBOUND_ALLOW = "127.0.0.1/32";
  env.WATCHKEEPER_SECRET = "the secret of the tests, of which nobody knows";
}

/** A connection to the platform, made by the API. */
export async function connectTo(
  platform: Pick<Platform, "url" | "apiKey">,
  headers: Record<string, string>,
  more: object = {},
): Promise<ConnectionItem> {
  const json = { name: "test", base_url: platform.url, api_key: platform.apiKey, ...more };
  const { status, text } = await call(POST, "/api/v1/connections", {
    method: "POST",
    headers,
    json,
  });
  if (status !== 201) throw new Error(`${status} ${text}`);
  return JSON.parse(text) as ConnectionItem;
}
