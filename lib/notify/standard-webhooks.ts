import { createHmac } from "node:crypto";

type Signed = { id: string; at: Date; body: string; secrets: readonly string[] };

/**
 * The headers of Standard Webhooks: the id stays the same for every attempt, the time is the attempt's,
 * and each live secret signs. Without a secret there is no signature.
 */
export function webhookHeaders({ id, at, body, secrets }: Signed): Record<string, string> {
  const seconds = String(Math.floor(at.getTime() / 1000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
    return `v1,${createHmac("sha256", key).update(`${id}.${seconds}.${body}`).digest("base64")}`;
  });
  return {
    "webhook-id": id,
    "webhook-timestamp": seconds,
    ...(signatures.length === 0 ? {} : { "webhook-signature": signatures.join(" ") }),
  };
}
