import Anthropic from "@anthropic-ai/sdk";
import { version } from "@/package.json";

/**
 * The SDK on a `fetch` of ours. Everything that it would otherwise take from the environment is said
 * here, and it logs nothing: its log lines hold bodies.
 */
export function openClient(options: {
  baseUrl: string;
  apiKey: string;
  fetch: typeof fetch;
  maxRetries?: number;
}): Anthropic {
  const { baseUrl, apiKey, fetch, maxRetries = 2 } = options;
  return new Anthropic({
    baseURL: baseUrl,
    apiKey,
    webhookKey: null,
    fetch,
    maxRetries,
    // Waiting for the read budget counts here; how long an answer may take is the outbound call's to say.
    timeout: 600_000,
    logLevel: "off",
    openTelemetry: false,
    defaultHeaders: { "User-Agent": `watchkeeper/${version}` },
  });
}
