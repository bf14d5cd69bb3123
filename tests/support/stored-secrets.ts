import { createCipheriv, hkdfSync, randomBytes } from "node:crypto";
import { listSealed } from "@/lib/auth/sealed-store";
import { unseal } from "@/lib/auth/sealing";
import { NewConnection } from "@/lib/connections/schema";
import { createConnection } from "@/lib/connections/service";
import { pool } from "@/lib/db/client";
import { NewChannel } from "@/lib/notify/channel-schema";
import { createChannel } from "@/lib/notify/channel-service";
import { savePulse } from "@/lib/notify/pulse-service";

const HOST = "http://127.0.0.1:9";
const signing = (letter: string) => `whsec_${letter.repeat(31)}=`;

/** One of every kind that is stored, by whose it is and its name. */
export const STORED: readonly [owner: string, what: string, plain: string][] = [
  ["Bell", "url", `${HOST}/discord-hook-7131`],
  ["Books", "password", "alertmanager-password-7132"],
  ["Books", "token", "alertmanager-token-7133"],
  ["Chat", "url", `${HOST}/slack-hook-7134`],
  ["Hook", "headers", `{"authorization":"Bearer hook-token-7135"}`],
  ["Hook", "secret", signing("A")],
  ["Hook", "secret", signing("B")],
  ["Mail", "password", "smtp-password-7136"],
  ["Pager", "routing_key", "routing-key-7137"],
  ["Rooms", "url", `${HOST}/teams-hook-7138`],
  ["production", "admin_key", "sk-ant-admin01-7139-7139-7139"],
  ["production", "api_key", "sk-ant-api03-7140-7140-7140"],
  ["production", "webhook_secret", signing("C")],
  ["production", "webhook_secret", signing("D")],
  ["pulse", "url", `${HOST}/pulse-7141`],
];

const plainOf = (owner: string, what: string, at = 0) =>
  STORED.filter((one) => one[0] === owner && one[1] === what)[at]?.[2] ?? "";

/** Stores them all, as the API does. `hook` is where the webhook channel sends to. */
export async function storeSecrets(hook = `${HOST}/hook`): Promise<void> {
  const channels: object[] = [
    { kind: "discord", name: "Bell", url: plainOf("Bell", "url") },
    {
      ...{ kind: "alertmanager", name: "Books", url: HOST, user: "books" },
      ...{ password: plainOf("Books", "password"), token: plainOf("Books", "token") },
    },
    { kind: "slack", name: "Chat", url: plainOf("Chat", "url") },
    {
      ...{ kind: "webhook", name: "Hook", url: hook },
      secrets: [plainOf("Hook", "secret"), plainOf("Hook", "secret", 1)],
      headers: JSON.parse(plainOf("Hook", "headers")),
    },
    {
      ...{ kind: "email", name: "Mail", host: "127.0.0.1", user: "mail", from: "a@example.com" },
      ...{ to: ["b@example.com"], password: plainOf("Mail", "password") },
    },
    { kind: "pagerduty", name: "Pager", url: HOST, routing_key: plainOf("Pager", "routing_key") },
    { kind: "teams", name: "Rooms", url: plainOf("Rooms", "url") },
  ];
  for (const channel of channels)
    await createChannel({ workspace: "default", isAdmin: true }, NewChannel.parse(channel));
  const connection = {
    ...{ name: "production", base_url: HOST, api_key: plainOf("production", "api_key") },
    admin_key: plainOf("production", "admin_key"),
    webhook_secrets: [0, 1].map((at) => plainOf("production", "webhook_secret", at)),
  };
  await createConnection("default", NewConnection.parse(connection));
  await savePulse("default", { url: plainOf("pulse", "url") });
}

/** What is stored, with connections of one's own. */
export async function sealedSecrets() {
  const client = await pool().connect();
  try {
    return await listSealed(client);
  } finally {
    client.release();
  }
}

/** All that is stored, opened, in the order of `STORED`. */
export async function openStored(): Promise<string[][]> {
  const opened = (await sealedSecrets()).map(async ({ name, what, place, sealed }) => [
    ...[name, what],
    await unseal(sealed, place),
  ]);
  return (await Promise.all(opened)).sort((a, b) => (a.join() < b.join() ? -1 : 1));
}

/** The whole database as text, row by row: our tables and the queue's. */
export async function wholeDatabase(): Promise<string> {
  const { rows } = await pool().query<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
     where table_type = 'BASE TABLE' and table_schema in ('public', 'graphile_worker')`,
  );
  const texts = rows.map(async ({ name }) => {
    const read = await pool().query<{ text: string }>(`select t::text as text from ${name} t`);
    return read.rows.map(({ text }) => text).join("\n");
  });
  return (await Promise.all(texts)).join("\n");
}

/** As secrets were sealed before each had a key of its own. */
export function sealInFirstFormat(
  material: string | Uint8Array,
  plain: string,
  place: string,
): string {
  const part = (purpose: string, length: number) =>
    Buffer.from(hkdfSync("sha256", material, "", `watchkeeper/${purpose}`, length));
  const id = part("sealing-key-id", 4).toString("hex");
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", part("sealing-key", 32), iv);
  cipher.setAAD(Buffer.from(`s1/${id}/${place}`));
  const text = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]);
  const parts = [iv, cipher.getAuthTag(), text].map((one) => one.toString("base64url"));
  return ["s1", id, ...parts].join(".");
}
