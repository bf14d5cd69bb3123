import { spawn } from "node:child_process";
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { seal, unseal } from "@/lib/auth/sealing";
import { childEnv, env } from "@/lib/env";
import { AppError } from "@/lib/http/errors";

const HERE = "connection/conn_1/api_key";
const SECRET = "a long sentence that nobody else knows";
const before = { data: env.WATCHKEEPER_DATA, secret: env.WATCHKEEPER_SECRET };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "watchkeeper-seal-"));
  env.WATCHKEEPER_DATA = join(folder, "data");
  env.WATCHKEEPER_SECRET = undefined;
});
afterEach(async () => {
  env.WATCHKEEPER_DATA = before.data;
  env.WATCHKEEPER_SECRET = before.secret;
  await rm(folder, { recursive: true, force: true });
});

const keyFile = () => join(folder, "data", "secret");

async function messageOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof AppError)) throw new Error(`expected an AppError, got ${error}`);
  return `${error.code}: ${error.message}`;
}

describe.each([
  ["WATCHKEEPER_SECRET", SECRET],
  ["a file of its own", undefined],
])("with %s", (_, secret) => {
  beforeEach(() => {
    env.WATCHKEEPER_SECRET = secret;
  });

  it("opens any text it sealed, in its place", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary" }), fc.string(), async (plain, context) => {
        expect(await unseal(await seal(plain, context), context)).toBe(plain);
      }),
      { numRuns: 50 },
    );
  });

  it("never seals twice alike, and shows nothing of the text", async () => {
    const [one, two] = [await seal("sk-ant-hunter2", HERE), await seal("sk-ant-hunter2", HERE)];
    expect(one).toMatch(/^s1\.[0-9a-f]{8}\.[\w-]{16}\.[\w-]{22}\.[\w-]+$/);
    expect(one.split(".").slice(0, 2)).toEqual(two.split(".").slice(0, 2));
    expect(one.split(".")[2]).not.toBe(two.split(".")[2]);
    expect(Buffer.from(one.split(".")[4] ?? "", "base64url").toString()).not.toContain("hunter2");
  });

  it("opens nothing that was moved to another place", async () => {
    const sealed = await seal("sk-ant-hunter2", HERE);
    for (const place of [
      "connection/conn_2/api_key",
      "connection/conn_1/admin_key",
      "",
      `${HERE}/`,
    ])
      expect(await messageOf(unseal(sealed, place))).toMatch(
        /changed, or belongs to another place/,
      );
  });

  it("opens nothing that was changed", async () => {
    const parts = (await seal("sk-ant-hunter2", HERE)).split(".");
    for (const at of [2, 3, 4]) {
      const changed = parts.map((part, i) => {
        const byte = Buffer.from(part, "base64url");
        return i === at ? Buffer.concat([byte.map((b, n) => b ^ +(n === 0))]) : byte;
      });
      const sealed = [
        ...parts.slice(0, 2),
        ...changed.slice(2).map((p) => p.toString("base64url")),
      ];
      expect(await messageOf(unseal(sealed.join("."), HERE))).toMatch(
        /^unavailable: .* was changed/,
      );
    }
    const [version, id, iv, tag, text] = parts;
    const short = Buffer.from(tag ?? "", "base64url").subarray(0, 4);
    for (const sealed of [
      ...["", "sk-ant-hunter2", `${version}.${id}`, `${parts.join(".")}.more`],
      `s2.${id}.${iv}.${tag}.${text}`,
      `${version}.${id}.${iv}..${text}`,
      `${version}.${id}.${iv}.${short.toString("base64url")}.${text}`,
      `${version}.${id}..${tag}.${text}`,
    ])
      expect(await messageOf(unseal(sealed, HERE))).toMatch(/was changed/);
  });

  it("says what to do when the key is another, naming no secret", async () => {
    const sealed = await seal("sk-ant-hunter2", HERE);
    env.WATCHKEEPER_SECRET = "another sentence that nobody knows";
    env.WATCHKEEPER_DATA = join(folder, "elsewhere");
    const message = await messageOf(unseal(sealed, HERE));
    expect(message).toBe(
      `unavailable: A stored secret cannot be opened: the key it was encrypted with (${sealed.split(".")[1]}) is not here. Set WATCHKEEPER_SECRET to what it was, or restore the file "secret" in the folder WATCHKEEPER_DATA; or enter the secret again.`,
    );
  });
});

describe("the key's file", () => {
  it("is made when it is first needed, 32 bytes for its owner alone, with nothing left beside it", async () => {
    await seal("a", HERE);
    const { mode, size } = await stat(keyFile());
    expect([mode & 0o777, size]).toEqual([0o600, 32]);
    expect(await readdir(join(folder, "data"))).toEqual(["secret"]);
  });

  it("is not made where WATCHKEEPER_SECRET is set, nor by opening", async () => {
    env.WATCHKEEPER_SECRET = SECRET;
    const sealed = await seal("a", HERE);
    env.WATCHKEEPER_SECRET = undefined;
    expect(await messageOf(unseal(sealed, HERE))).toMatch(/is not here/);
    await expect(stat(keyFile())).rejects.toThrow(/ENOENT/);
  });

  it("still opens its own after WATCHKEEPER_SECRET has been set", async () => {
    const old = await seal("old", HERE);
    env.WATCHKEEPER_SECRET = SECRET;
    const young = await seal("young", HERE);
    expect([await unseal(old, HERE), await unseal(young, HERE)]).toEqual(["old", "young"]);
    await writeFile(keyFile(), "damaged");
    expect(await unseal(young, HERE)).toBe("young");
    await rm(keyFile());
    expect(await messageOf(unseal(old, HERE))).toMatch(/is not here/);
  });

  it.each(["", "short", "x".repeat(33)])("is not believed when it holds %j", async (content) => {
    await seal("a", HERE);
    await chmod(keyFile(), 0o600);
    await writeFile(keyFile(), content);
    const words = /^unavailable: The key for stored secrets is not usable: .*WATCHKEEPER_SECRET/;
    expect(await messageOf(seal("b", HERE))).toMatch(words);
    expect((await readFile(keyFile(), "utf8")).length).toBe(content.length);
  });

  it("says what to do where it cannot be made", async () => {
    await writeFile(join(folder, "data"), "a file in place of the folder");
    expect(await messageOf(seal("a", HERE))).toMatch(/Make the folder writable/);
  });

  it("is one, however many need it first at once", async () => {
    const sealed = await Promise.all(Array.from({ length: 20 }, (_, i) => seal(`${i}`, HERE)));
    expect(new Set(sealed.map((text) => text.split(".")[1])).size).toBe(1);
    const opened = await Promise.all(sealed.map((text) => unseal(text, HERE)));
    expect(opened).toEqual(sealed.map((_, i) => `${i}`));
    expect(await readdir(join(folder, "data"))).toEqual(["secret"]);
  });

  it("is one for several processes", async () => {
    const code = `import("@/lib/auth/sealing").then(async ({ seal }) => console.log(await seal("x", "${HERE}")))`;
    const run = () =>
      new Promise<string>((done, failed) => {
        const child = spawn(
          process.execPath,
          ["--import", "tsx", "--input-type=module", "-e", code],
          {
            env: childEnv({ WATCHKEEPER_DATA: env.WATCHKEEPER_DATA, WATCHKEEPER_SECRET: "" }),
            stdio: ["ignore", "pipe", "inherit"],
          },
        );
        let text = "";
        child.stdout.on("data", (chunk: Buffer) => {
          text += chunk.toString();
        });
        child.on("exit", (status) => (status === 0 ? done(text.trim()) : failed(new Error(text))));
      });
    const sealed = await Promise.all([run(), run(), run()]);
    for (const text of sealed) expect(await unseal(text, HERE)).toBe("x");
  });
});
