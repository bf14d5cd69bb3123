import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { BEGINS_ANEW, supervise } from "@/lib/cli/supervisor";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "watchkeeper-supervisor-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** A program that appends its process id to a file, then does `then`. */
function program(then: string) {
  const file = join(folder, "pids");
  const script = `require("fs").appendFileSync(${JSON.stringify(file)}, process.pid + "\\n"); ${then}`;
  const pids = async () => (existsSync(file) ? (await readFile(file, "utf8")).trim() : "");
  return {
    program: { name: "test", args: ["-e", script], env: {} },
    pids: async () => (await pids()).split("\n").filter(Boolean).map(Number),
  };
}

const LIVE =
  "process.on('disconnect', () => process.exit()); setInterval(() => {}, 1e3); process.send('ready');";

it("starts a program again when it crashes", async () => {
  const { program: crashing, pids } = program(LIVE);
  const child = supervise(crashing, 1);
  await child.ready;
  process.kill((await pids())[0] ?? 0, "SIGKILL");
  await expect.poll(pids).toHaveLength(2);
  await child.stop(5_000);
});

it("starts a program again that asks for it, however often, and calls that no crash", async () => {
  const { program: leaping, pids } = program(
    `const times = require("fs").readFileSync(${JSON.stringify(join(folder, "pids"))}, "utf8").split("\\n").length - 1;
     if (times < 8) process.exit(${BEGINS_ANEW}); ${LIVE}`,
  );
  const child = supervise(leaping, 1);
  await child.ready;
  expect(await pids()).toHaveLength(8);
  await child.stop(5_000);
});

it("gives a program up that crashes five times within a minute, and says how it ended", async () => {
  const { program: crashing, pids } = program("process.exit(7)");
  const child = supervise(crashing, 1);
  expect(await child.givenUp).toBe(
    "The test process crashed 5 times within a minute (exit code 7)",
  );
  expect(await pids()).toHaveLength(5);
});

it("tells a program what becomes known later, also when it was started again", async () => {
  const { program: listening, pids } = program(
    `process.on('message', ({ word }) => require("fs").appendFileSync(${JSON.stringify(join(folder, "words"))}, word + "\\n")); ${LIVE}`,
  );
  const words = () => readFile(join(folder, "words"), "utf8").catch(() => "");
  let tell = (_message: object) => {};
  const told = new Promise<object>((done) => {
    tell = done;
  });
  const child = supervise({ ...listening, told }, 1);
  await child.ready;
  expect(await words()).toBe("");
  tell({ word: "open" });
  await expect.poll(words).toBe("open\n");
  process.kill((await pids())[0] ?? 0, "SIGKILL");
  await expect.poll(words).toBe("open\nopen\n");
  await child.stop(5_000);
});

it("does not start a program again that was stopped", async () => {
  const { program: living, pids } = program(LIVE);
  const child = supervise(living, 1);
  await child.ready;
  await child.stop(5_000);
  await new Promise((done) => setTimeout(done, 100));
  expect(await pids()).toHaveLength(1);
});

it("ends a program by force that does not end when asked", async () => {
  const { program: stubborn, pids } = program(`process.on('SIGTERM', () => {}); ${LIVE}`);
  const child = supervise(stubborn, 1);
  await child.ready;
  await child.stop(100);
  const [pid = 0] = await pids();
  expect(() => process.kill(pid, 0)).toThrow("ESRCH");
});
