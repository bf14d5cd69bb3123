import { copyFile, link, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { renewFormat, rotateSecrets } from "@/lib/auth/rotation-service";
import { replaceSealed } from "@/lib/auth/sealed-store";
import { seal, unseal } from "@/lib/auth/sealing";
import { openDirectConnection, pool, prisma } from "@/lib/db/client";
import { env } from "@/lib/env";
import { appErrorOf } from "@/lib/http/answer";
import { allowLoopback } from "@/tests/support/connections";
import { truncateAll } from "@/tests/support/database";
import {
  openStored,
  STORED,
  sealedSecrets,
  sealInFirstFormat,
  storeSecrets,
  wholeDatabase,
} from "@/tests/support/stored-secrets";
import { until } from "@/tests/support/sync";

const before = { data: env.WATCHKEEPER_DATA, secret: env.WATCHKEEPER_SECRET };
const [OLD, NEW] = ["the first sentence, which few know", "the second sentence, which few know"];
const SEALED = /\bs\d\.([0-9a-f]{8})\.[\w-]+\.[\w.-]+/g;

let folder: string;
let db: pg.Client;
beforeAll(() => allowLoopback());
beforeEach(async () => {
  await truncateAll();
  folder = await mkdtemp(join(tmpdir(), "watchkeeper-rotation-"));
  env.WATCHKEEPER_DATA = folder;
  env.WATCHKEEPER_SECRET = undefined;
  db = await openDirectConnection();
});
afterEach(async () => {
  await db.end();
  env.WATCHKEEPER_SECRET_PREVIOUS = undefined;
  await rm(folder, { recursive: true, force: true });
});
afterAll(() => {
  env.WATCHKEEPER_DATA = before.data;
  env.WATCHKEEPER_SECRET = before.secret;
});

const rotate = (client = db) => rotateSecrets(client, { pauseMs: 0 });
const files = async () => (await readdir(folder)).sort();
const keyIds = async () =>
  new Set((await sealedSecrets()).map(({ sealed }) => sealed.split(".")[1] ?? ""));

it("stores no secret but sealed, and every sealed one where rotation finds it", async () => {
  await storeSecrets();
  const whole = await wholeDatabase();
  for (const [, , plain] of STORED) expect(whole).not.toContain(plain);
  const found = [...whole.matchAll(SEALED)].map(([text]) => text).sort();
  expect(found).toEqual((await sealedSecrets()).map(({ sealed }) => sealed).sort());
  expect(await openStored()).toEqual(STORED);
});

describe("the file's key", () => {
  it("is another one afterwards: everything opens with it, and nothing with the one before", async () => {
    await storeSecrets();
    const [oldId = ""] = await keyIds();
    const oldKey = await readFile(join(folder, "secret"));
    const told = await rotate();
    expect(told).toEqual({
      ...{ keyId: expect.stringMatching(/^[0-9a-f]{8}$/), changed: 15, secrets: 15 },
      leftovers: { file: false, variable: false },
    });
    expect(await openStored()).toEqual(STORED);
    expect([[...(await keyIds())], await files()]).toEqual([[told.keyId], ["secret"]]);
    expect(told.keyId).not.toBe(oldId);
    expect(await wholeDatabase()).not.toContain(`.${oldId}.`);
    await writeFile(join(folder, "secret"), oldKey);
    for (const { sealed, place } of await sealedSecrets()) {
      await expect(unseal(sealed, place)).rejects.toThrow(/is not here/);
      await expect(unseal(sealed.replace(told.keyId, oldId), place)).rejects.toThrow(/was changed/);
    }
  });

  it.each([
    ["a rotation", () => rotate(), false],
    ["every start of a worker", () => renewFormat(), true],
  ])("what is stored in the first format is sealed anew by %s", async (_, seal, staysWithKey) => {
    await storeSecrets();
    const [oldId = ""] = await keyIds();
    const key = await readFile(join(folder, "secret"));
    for (const secret of await sealedSecrets()) {
      const plain = await unseal(secret.sealed, secret.place);
      await replaceSealed(db, secret, sealInFirstFormat(key, plain, secret.place));
    }
    const formats = async () =>
      new Set((await sealedSecrets()).map(({ sealed }) => sealed.slice(0, 3)));
    expect([await openStored(), await formats()]).toEqual([STORED, new Set(["s1."])]);
    await seal();
    expect([await openStored(), await formats()]).toEqual([STORED, new Set(["s2."])]);
    expect((await keyIds()).has(oldId)).toBe(staysWithKey);
  });

  it.each([
    ["a draft of the new key", () => writeFile(join(folder, "secret.next"), "half")],
    [
      "the key linked twice, and a whole draft",
      async () => {
        await writeFile(join(folder, "secret.next"), Buffer.alloc(32, 7));
        await link(join(folder, "secret"), join(folder, "secret.previous"));
      },
    ],
    [
      "the new key in place, and nothing sealed with it",
      async () => {
        await copyFile(join(folder, "secret"), join(folder, "secret.previous"));
        await rm(join(folder, "secret"));
        await writeFile(join(folder, "secret"), Buffer.alloc(32, 7));
      },
    ],
  ])("is changed in the end where a cut left %s", async (_, leave) => {
    await storeSecrets();
    const [oldId = ""] = await keyIds();
    await leave();
    expect(await openStored()).toEqual(STORED);
    await rotate();
    expect([await openStored(), await files()]).toEqual([STORED, ["secret"]]);
    expect((await keyIds()).has(oldId)).toBe(false);
  });

  it("is changed once by a cut rotation and the one that ends it", async () => {
    await storeSecrets();
    await copyFile(join(folder, "secret"), join(folder, "secret.previous"));
    await rm(join(folder, "secret"));
    const begun = Buffer.alloc(32, 7);
    await writeFile(join(folder, "secret"), begun);
    await rotate();
    expect(await readFile(join(folder, "secret"))).toEqual(begun);
    await rotate();
    expect(await readFile(join(folder, "secret"))).not.toEqual(begun);
    expect(await openStored()).toEqual(STORED);
  });
});

describe("WATCHKEEPER_SECRET", () => {
  it("is followed by another, with the one before beside it", async () => {
    env.WATCHKEEPER_SECRET = OLD;
    await storeSecrets();
    await expect(rotate()).rejects.toThrow(/set WATCHKEEPER_SECRET_PREVIOUS/);
    env.WATCHKEEPER_SECRET = NEW;
    env.WATCHKEEPER_SECRET_PREVIOUS = OLD;
    expect(await openStored()).toEqual(STORED);
    expect(await rotate()).toMatchObject({
      changed: 15,
      leftovers: { file: false, variable: true },
    });
    env.WATCHKEEPER_SECRET_PREVIOUS = undefined;
    expect([await openStored(), await files()]).toEqual([STORED, []]);
  });

  it("takes over from the file's key, which can go then", async () => {
    await storeSecrets();
    env.WATCHKEEPER_SECRET = NEW;
    expect(await rotate()).toMatchObject({ changed: 15, leftovers: { file: true } });
    await rm(join(folder, "secret"));
    expect(await openStored()).toEqual(STORED);
  });

  it("can be what it was once more", async () => {
    env.WATCHKEEPER_SECRET = OLD;
    await storeSecrets();
    for (const [key, previous] of [
      [NEW, OLD],
      [OLD, NEW],
    ]) {
      env.WATCHKEEPER_SECRET = key;
      env.WATCHKEEPER_SECRET_PREVIOUS = previous;
      await rotate();
    }
    env.WATCHKEEPER_SECRET_PREVIOUS = undefined;
    await prisma.connection.deleteMany();
    await prisma.channel.deleteMany();
    await storeSecrets();
    expect(await openStored()).toEqual(STORED);
  });
});

describe("what is stored with the key before", () => {
  it("is refused once that key is retired, in words of what to do", async () => {
    await storeSecrets();
    const old = await prisma.connection.findFirstOrThrow();
    const mail = await prisma.channel.findFirstOrThrow({ where: { name: "Mail" } });
    await rotate();
    const { apiKeySealed } = old;
    const writes = [
      () => prisma.connection.updateMany({ data: { apiKeySealed } }),
      () =>
        prisma.connection.updateMany({ data: { webhookSecretsSealed: old.webhookSecretsSealed } }),
      () => prisma.channel.updateMany({ data: { secrets: mail.secrets ?? {} } }),
      () => prisma.setting.updateMany({ data: { value: { sealed: apiKeySealed } } }),
    ];
    for (const write of writes) {
      const refused = appErrorOf(await write().catch((error: unknown) => error));
      expect([refused.status, refused.retryAfterSeconds]).toEqual([503, 1]);
      expect(refused.message).toMatch(/was rotated meanwhile; try again/);
    }
    await prisma.connection.updateMany({ data: { state: "paused" } });
    expect(await openStored()).toEqual(STORED);
  });

  it("is waited for where it was on its way", async () => {
    await storeSecrets();
    const { settings } = await prisma.channel.findFirstOrThrow({ where: { name: "Chat" } });
    const sealed = await seal("http://127.0.0.1:9/late", "channel/chan_late/url");
    const secrets = { url: [{ sealed, hint: "…late", at: new Date().toISOString() }] };
    const storing = await pool().connect();
    await storing.query("begin");
    await storing.query(
      "insert into channel (workspace, id, kind, name, settings, secrets) values ('default', 'chan_late', 'slack', 'Late', $1, $2)",
      [settings, secrets],
    );
    const rotating = rotate();
    await until(async () => {
      const { rowCount } = await pool().query(
        "select from pg_locks where locktype = 'advisory' and not granted",
      );
      return rowCount === 1;
    });
    await storing.query("commit");
    storing.release();
    expect(await rotating).toMatchObject({ changed: 16, secrets: 16 });
    expect(await openStored()).toContainEqual(["Late", "url", "http://127.0.0.1:9/late"]);
  });
});

it("is one rotation at a time", async () => {
  const other = await openDirectConnection();
  try {
    await other.query("select pg_advisory_lock(7249010)");
    await expect(rotate()).rejects.toThrow("Another rotation is at work.");
  } finally {
    await other.end();
  }
  expect(await rotate()).toMatchObject({ changed: 0, secrets: 0 });
});

it("changes nothing where something cannot be opened, and names it", async () => {
  await storeSecrets();
  const stored = await sealedSecrets();
  const damaged = stored.find(({ what }) => what === "routing_key");
  if (!damaged) throw new Error("there is no routing key");
  await replaceSealed(db, damaged, `${damaged.sealed.slice(0, -4)}AAAA`);
  await expect(rotate()).rejects.toThrow(
    /channel: 1 secret of 1 row\n {4}Pager \(chan_\w+\): routing_key/,
  );
  const now = (await sealedSecrets()).filter(({ id }) => id !== damaged.id);
  expect(now).toEqual(stored.filter(({ id }) => id !== damaged.id));
  expect(await files()).toEqual(["secret"]);
});
