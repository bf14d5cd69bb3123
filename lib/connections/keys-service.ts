import { seal, unseal } from "@/lib/auth/sealing";
import { invalidField } from "@/lib/http/errors";
import type { ConnectionRow } from "./store";

type Kind = "api_key" | "webhook_secret" | "admin_key";

/** Where a secret is stored, which it is bound to. */
const place = (id: string, kind: Kind) => `connection/${id}/${kind}`;

/** Enough to recognise a secret by. A short one would be told by it. */
const tail = (secret: string) => (secret.length < 12 ? "" : secret.slice(-4));

export async function sealApiKey(id: string, key: string) {
  return { apiKeySealed: await seal(key, place(id, "api_key")), apiKeyHint: tail(key) };
}

export async function sealAdminKey(id: string, key: string | null) {
  return { adminKeySealed: key === null ? null : await seal(key, place(id, "admin_key")) };
}

type Secrets = Pick<
  ConnectionRow,
  "webhookSecretsSealed" | "webhookSecretHints" | "webhookSecretTimes" | "webhooksSince"
>;

/**
 * The wanted secrets in their order: new ones sealed, and the present ones that a hint names.
 * Throws `invalid` for a hint that names none.
 */
export async function sealWebhookSecrets(
  id: string,
  wanted: string[],
  present: Secrets,
  now: Date,
): Promise<Secrets> {
  const kept = present.webhookSecretsSealed.map((sealed, at) => ({
    sealed,
    hint: present.webhookSecretHints[at] ?? "",
    time: present.webhookSecretTimes[at] ?? now,
  }));
  const all: typeof kept = [];
  for (const [at, text] of wanted.entries()) {
    const named = kept.filter(({ hint }) => hint === text);
    if (text.startsWith("…") && named.length === 0)
      throw invalidField(`webhook_secrets.${at}`, "this connection has no secret with that hint");
    if (text.startsWith("…")) all.push(...named.filter((one) => !all.includes(one)));
    else {
      const sealed = await seal(text, place(id, "webhook_secret"));
      all.push({ sealed, hint: `…${tail(text)}`, time: now });
    }
  }
  return {
    webhookSecretsSealed: all.map(({ sealed }) => sealed),
    webhookSecretHints: all.map(({ hint }) => hint),
    webhookSecretTimes: all.map(({ time }) => time),
    webhooksSince: all.length === 0 ? null : (present.webhooksSince ?? now),
  };
}

/** Each throws `unavailable` when the key it was encrypted with is lost; see lib/auth/sealing.ts. */
export function openApiKey(row: Pick<ConnectionRow, "id" | "apiKeySealed">): Promise<string> {
  return unseal(row.apiKeySealed, place(row.id, "api_key"));
}

export async function openAdminKey(
  row: Pick<ConnectionRow, "id" | "adminKeySealed">,
): Promise<string | null> {
  return row.adminKeySealed === null
    ? null
    : unseal(row.adminKeySealed, place(row.id, "admin_key"));
}

export function openWebhookSecrets(
  row: Pick<ConnectionRow, "id" | "webhookSecretsSealed">,
): Promise<string[]> {
  return Promise.all(
    row.webhookSecretsSealed.map((sealed) => unseal(sealed, place(row.id, "webhook_secret"))),
  );
}
