import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, inject, it } from "vitest";
import { buildIfChanged } from "@/lib/cli/build";
import { readItem } from "@/lib/connections/service";
import { prisma } from "@/lib/db/client";
import { env } from "@/lib/env";
import { sendTo } from "@/lib/notify/channels/send";
import { sampleMessage } from "@/lib/notify/sample";
import { type Command, runCommand } from "@/tests/support/command";
import { allowLoopback } from "@/tests/support/connections";
import { exclusively, truncateAll } from "@/tests/support/database";
import { freePort } from "@/tests/support/free-port";
import { openStored, STORED, storeSecrets } from "@/tests/support/stored-secrets";

const before = { data: env.WATCHKEEPER_DATA, secret: env.WATCHKEEPER_SECRET };
let folder: string;
let port: number;
beforeAll(async () => {
  allowLoopback();
  await exclusively(() => buildIfChanged());
});
beforeEach(async () => {
  await truncateAll();
  folder = await mkdtemp(join(tmpdir(), "watchkeeper-lost-"));
  env.WATCHKEEPER_DATA = folder;
  env.WATCHKEEPER_SECRET = undefined;
  port = await freePort();
  await storeSecrets();
  return () => rm(folder, { recursive: true, force: true });
});
afterAll(() => {
  env.WATCHKEEPER_DATA = before.data;
  env.WATCHKEEPER_SECRET = before.secret;
});

const settings = () => ({
  ...{ DATABASE_URL: env.DATABASE_URL ?? inject("templateUrl"), WATCHKEEPER_DATA: folder },
  ...{ WATCHKEEPER_SECRET: "", PORT: String(port), HOST: "127.0.0.1" },
});
const start = (more = {}) => runCommand(["start"], { ...settings(), ...more });
const forget = () => runCommand(["rotate-secret", "--forget"], settings());

async function expectRunning(command: Command): Promise<void> {
  await expect
    .poll(command.output, { timeout: 60_000, interval: 50 })
    .toMatch(/Watchkeeper is running at/);
  command.child.kill("SIGTERM");
  expect(await command.ended).toBe(0);
}

const ROWS = `  channel: 10 secrets of 7 rows
    Bell (ID): url
    Books (ID): password, token
    Chat (ID): url
    Hook (ID): headers, secret, secret
    Mail (ID): password
    Pager (ID): routing_key
    Rooms (ID): url
  connection: 4 secrets of 1 row
    production (ID): admin_key, api_key, webhook_secret, webhook_secret
  setting: 1 secret of 1 row
    pulse (notify_pulse): url
`;
const withoutIds = (text: string) => text.replace(/\((chan|conn)_\w+\)/g, "(ID)");

it.each([
  [
    "another WATCHKEEPER_SECRET",
    { WATCHKEEPER_SECRET: "another sentence, of which nobody knows" },
    "gone",
  ],
  ["another file", {}, "another"],
  ["no file", {}, "gone"],
])("does not start with %s, and does when the key is back", async (_, more, file) => {
  const path = join(folder, "secret");
  const key = await readFile(path);
  const [row] = await prisma.connection.findMany();
  await rm(path);
  if (file === "another") await writeFile(path, Buffer.alloc(32, 9));
  const refused = start(more);
  expect(await refused.ended).toBe(1);
  expect(withoutIds(refused.output())).toBe(
    `Stored secrets cannot be opened: the key they were encrypted with (${row?.apiKeySealed.slice(3, 11)}) is not here.
${ROWS}Put it back: the file "secret" in the folder WATCHKEEPER_DATA, or WATCHKEEPER_SECRET as it was.
If it is lost, clear these secrets: npm run rotate-secret -- --forget. It says what must be entered again.
`,
  );
  await writeFile(path, key);
  await expectRunning(start(more));
  expect(await openStored()).toEqual(STORED);
});

it("says of a damaged file that it is none", async () => {
  await writeFile(join(folder, "secret"), "damaged");
  const refused = start();
  expect(await refused.ended).toBe(1);
  expect(refused.output()).toMatch(/^The key for stored secrets is not usable: .*restore the file/);
});

it("clears what is lost when it is told to, names it, and starts", async () => {
  await rm(join(folder, "secret"));
  const cleared = forget();
  expect([await cleared.ended, withoutIds(cleared.output())]).toEqual([
    0,
    `Cleared. To be entered again:\n${ROWS}`,
  ]);
  expect(await openStored()).toEqual([]);
  const { id } = await prisma.connection.findFirstOrThrow();
  expect(await readItem({ workspace: "default", id })).toMatchObject({
    ...{ state: "failed", api_key_hint: "", has_admin_key: false, webhook_secrets: [] },
    ...{ webhooks_since: null, state_reason: expect.stringMatching(/Enter it again\.$/) },
  });
  for (const channel of await prisma.channel.findMany()) {
    const at = new Date();
    const message = sampleMessage("x", "opened", at.getTime());
    const outgoing = { id: "d", message, groupKey: "g", at, base: "http://localhost" };
    expect([channel.name, JSON.stringify(await sendTo(channel, outgoing))]).toEqual([
      channel.name,
      expect.stringMatching(/was cleared here/),
    ]);
  }
  expect(await prisma.setting.count({ where: { key: "notify_pulse" } })).toBe(0);
  const entry = await prisma.auditEntry.findFirstOrThrow({ where: { action: "secret.forgotten" } });
  expect(Object(entry.after).cleared).toHaveLength(15);
  await expectRunning(start());
  const again = forget();
  expect([await again.ended, again.output()]).toEqual([
    0,
    "Every stored secret can be opened: nothing was cleared.\n",
  ]);
});
