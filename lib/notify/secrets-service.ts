import { seal, unseal } from "@/lib/auth/sealing";
import { invalidField } from "@/lib/http/errors";
import type { WrittenSecrets } from "./channel-parts";
import { LIVE_SECRETS } from "./channel-schema";
import type { ChannelRow } from "./channel-store";
import { hintOf, type Sealed, SealedSecrets } from "./sealed";

/** Where a secret is stored, which it is bound to. */
const place = (id: string, name: string) => `channel/${id}/${name}`;

type Owner = Pick<ChannelRow, "id" | "secrets">;
/** The stored secrets with what is written put in their place. Throws `invalid` for a hint of none of them. */
export async function sealSecrets(
  { id, secrets }: Owner,
  written: WrittenSecrets,
  now: Date,
): Promise<SealedSecrets> {
  const all = SealedSecrets.parse(secrets);
  const sealOne = async (name: string, plain: string): Promise<Sealed> => ({
    sealed: await seal(plain, place(id, name)),
    hint: hintOf(plain),
    at: now.toISOString(),
  });
  for (const name of ["url", "routing_key", "password", "token"] as const) {
    const text = written[name];
    if (text === null) delete all[name];
    else if (text !== undefined) all[name] = [await sealOne(name, text)];
  }
  if (written.headers === null) delete all.headers;
  else if (written.headers !== undefined) {
    const { headers } = written;
    const names = Object.keys(headers).join(", ");
    const one = await sealOne("headers", JSON.stringify(headers));
    all.headers = [{ ...one, hint: names }];
  }
  const signing = signingOf(written);
  if (signing === undefined) return all;
  if (signing.length > LIVE_SECRETS)
    throw invalidField("secrets", `at most ${LIVE_SECRETS} secrets are live at once`);
  const kept = all.secret ?? [];
  all.secret = [];
  for (const [at, text] of signing.entries()) {
    const named = kept.filter(({ hint }) => hint === text);
    if (text.startsWith("…") && named.length === 0)
      throw invalidField(`secrets.${at}`, "this channel has no secret with that hint");
    all.secret.push(...(text.startsWith("…") ? named : [await sealOne("secret", text)]));
  }
  return all;
}

function signingOf({ secret, secrets }: WrittenSecrets): string[] | undefined {
  if (secrets !== undefined && secret) return [secret, ...secrets];
  if (secrets !== undefined) return secrets;
  if (secret === undefined) return undefined;
  return secret === null ? [] : [secret];
}

/** All of one name. Throws `unavailable` when the key it was encrypted with is lost; see lib/auth/sealing.ts. */
export async function openSecrets({ id, secrets }: Owner, name: string): Promise<string[]> {
  const stored = SealedSecrets.parse(secrets)[name] ?? [];
  return Promise.all(stored.map(({ sealed }) => unseal(sealed, place(id, name))));
}

/** The one of that name; null when there is none. */
export async function openSecret(owner: Owner, name: string): Promise<string | null> {
  return (await openSecrets(owner, name))[0] ?? null;
}
