import { spawn } from "node:child_process";
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { replaceKeyFile } from "@/lib/auth/key-file";
import { seal, sealAnew, unseal } from "@/lib/auth/sealing";
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
  env.WATCHKEEPER_SECRET_PREVIOUS = undefined;
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
    expect(one).toMatch(/^s2\.[0-9a-f]{8}\.[\w-]{80}\.[\w-]+$/);
    expect(one.split(".").slice(0, 2)).toEqual(two.split(".").slice(0, 2));
    for (const at of [2, 3]) expect(one.split(".")[at]).not.toBe(two.split(".")[at]);
    for (const part of one.split("."))
      expect(Buffer.from(part, "base64url").toString()).not.toContain("hunter2");
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
    // The first byte of what each begins with, of its tag, and of its text.
    for (const [at, byte] of [2, 3].flatMap((at) => [0, 12, 28].map((byte) => [at, byte]))) {
      const changed = parts.map((part, i) => {
        const whole = Buffer.from(part, "base64url");
        return i === at ? Buffer.concat([whole.map((b, n) => b ^ +(n === byte))]) : whole;
      });
      const sealed = [
        ...parts.slice(0, 2),
        ...changed.slice(2).map((p) => p.toString("base64url")),
      ];
      expect(await messageOf(unseal(sealed.join("."), HERE))).toMatch(
        /^unavailable: .* was changed/,
      );
    }
    const [version, id, dataKey, text] = parts;
    const short = Buffer.from(text ?? "", "base64url").subarray(0, 16);
    for (const sealed of [
      ...["sk-ant-hunter2", `${version}.${id}`, `${parts.join(".")}.more`],
      `s3.${id}.${dataKey}.${text}`,
      `s1.${id}.${dataKey}.${text}`,
      `${version}.${id}..${text}`,
      `${version}.${id}.${dataKey}`,
      `${version}.${id}.${dataKey}.${short.toString("base64url")}`,
      `${version}.${id}.${text}.${dataKey}`,
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

/** As every secret was stored before each had a key of its own, with the first of the tests' keys. */
const FIRST_FORMAT = "s1.8681449c.BwcHBwcHBwcHBwcH.OaXsk7ja--iHaxda9xmkKw.5AW_Y6xynRUiZ2h8Mhs";

describe("the first format", () => {
  it("is still opened, in its place alone", async () => {
    env.WATCHKEEPER_SECRET = SECRET;
    expect(await unseal(FIRST_FORMAT, HERE)).toBe("sk-ant-hunter2");
    expect(await messageOf(unseal(FIRST_FORMAT, "elsewhere"))).toMatch(/another place/);
    const at = FIRST_FORMAT.length - 2;
    const changed = FIRST_FORMAT.slice(0, at) + (FIRST_FORMAT[at] === "A" ? "B" : "A");
    expect(await messageOf(unseal(changed, HERE))).toMatch(/was changed/);
  });

  it("becomes the present one", async () => {
    env.WATCHKEEPER_SECRET = SECRET;
    const sealed = await sealAnew(FIRST_FORMAT, HERE);
    expect(sealed).toMatch(/^s2\./);
    expect(await unseal(sealed, HERE)).toBe("sk-ant-hunter2");
  });
});

describe("another master key", () => {
  it("wraps the data key anew and leaves the text alone; the one before opens it no more", async () => {
    env.WATCHKEEPER_SECRET = SECRET;
    const old = await seal("sk-ant-hunter2", HERE);
    env.WATCHKEEPER_SECRET = "another sentence that nobody knows";
    env.WATCHKEEPER_SECRET_PREVIOUS = SECRET;
    expect(await unseal(old, HERE)).toBe("sk-ant-hunter2");
    const anew = await sealAnew(old, HERE);
    const [before, after] = [old.split("."), anew.split(".")];
    expect([after[0], after[3]]).toEqual([before[0], before[3]]);
    expect([after[1] === before[1], after[2] === before[2]]).toEqual([false, false]);
    env.WATCHKEEPER_SECRET_PREVIOUS = undefined;
    expect(await unseal(anew, HERE)).toBe("sk-ant-hunter2");
    env.WATCHKEEPER_SECRET = SECRET;
    expect(await messageOf(unseal(anew, HERE))).toMatch(/is not here/);
    // Nor when it says that it is wrapped by it.
    expect(await messageOf(unseal(anew.replace(after[1] ?? "", before[1] ?? ""), HERE))).toMatch(
      /was changed/,
    );
  });

  it("is a file in place of the one before, which stays beside it and opens what it had sealed", async () => {
    const old = await seal("old", HERE);
    await replaceKeyFile();
    const young = await seal("young", HERE);
    expect(young.split(".")[1]).not.toBe(old.split(".")[1]);
    expect([await unseal(old, HERE), await unseal(young, HERE)]).toEqual(["old", "young"]);
    expect((await readdir(join(folder, "data"))).sort()).toEqual(["secret", "secret.previous"]);
    for (const name of ["secret", "secret.previous"])
      expect((await stat(join(folder, "data", name))).mode & 0o777).toBe(0o600);
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
