import Anthropic from "@anthropic-ai/sdk";
import { WebhookBody } from "./schema";

export type Verified =
  | { kind: "good"; id: string; body: WebhookBody }
  | { kind: "refused"; reason: Reason; code: "unauthorized" | "invalid"; message: string };

export type Reason =
  | "no_secret"
  | "no_signature"
  | "wrong_signature"
  | "old_timestamp"
  | "future_timestamp"
  | "not_json"
  | "unknown_form";

// Verifying sends nothing; the SDK only wants a client to hang it on.
const { webhooks } = new Anthropic({
  apiKey: "none",
  webhookKey: null,
  baseURL: "https://api.anthropic.com",
  logLevel: "off",
  openTelemetry: false,
}).beta;

/** A delivery in Standard Webhooks form, signed with any of these secrets within five minutes of now. */
export function verifyWebhook(raw: string, headers: Headers, secrets: string[]): Verified {
  if (secrets.length === 0) return refused("no_secret");
  const plain = Object.fromEntries(headers);
  let worst: Reason = "wrong_signature";
  for (const key of secrets) {
    try {
      return readBody(plain["webhook-id"] ?? "", webhooks.unwrap(raw, { headers: plain, key }));
    } catch (error) {
      // The body is parsed only once its signature was found to be right.
      if (error instanceof SyntaxError) return refused("not_json");
      worst = reasonOf(error);
    }
  }
  return refused(worst);
}

function readBody(id: string, value: unknown): Verified {
  const parsed = WebhookBody.safeParse(value);
  const isId = /^[\x21-\x7e]{1,200}$/.test(id);
  return parsed.success && isId ? { kind: "good", id, body: parsed.data } : refused("unknown_form");
}

/** The library tells its reasons apart by words alone. */
function reasonOf(error: unknown): Reason {
  const text = error instanceof Error ? error.message : "";
  if (/too old/.test(text)) return "old_timestamp";
  if (/too new/.test(text)) return "future_timestamp";
  if (/required headers|signature headers/i.test(text)) return "no_signature";
  return "wrong_signature";
}

function refused(reason: Reason): Verified {
  const isSigned = reason === "not_json" || reason === "unknown_form";
  return {
    kind: "refused",
    reason,
    code: isSigned ? "invalid" : "unauthorized",
    message: WORDS[reason],
  };
}

const WORDS: Record<Reason, string> = {
  no_secret: "This connection has no webhook secret yet; enter the one the Console shows.",
  no_signature:
    "The headers webhook-id, webhook-timestamp and webhook-signature are needed, as Standard Webhooks has them.",
  wrong_signature: "The signature is of none of this connection's webhook secrets.",
  old_timestamp: "The timestamp is more than five minutes old; check this machine's clock.",
  future_timestamp:
    "The timestamp is more than five minutes in the future; check this machine's clock.",
  not_json: "The body is not JSON.",
  unknown_form: "The body is not a webhook event: data.type and data.id are needed.",
};
