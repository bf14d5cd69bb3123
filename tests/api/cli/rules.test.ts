import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { parse, stringify } from "yaml";
import { DELETE, PUT } from "@/app/api/v1/rules/[id]/route";
import { GET as exportAll } from "@/app/api/v1/rules/export/route";
import { GET, POST } from "@/app/api/v1/rules/route";
import rules from "@/lib/cli/rules";
import { prisma } from "@/lib/db/client";
import { childEnv, StartupError } from "@/lib/env";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { truncateAll } from "@/tests/support/database";

const FAILING = {
  ...{ name: "Failing", kind: "ratio", metric: "failure_rate", group_by: ["agent"], fire: 0.2 },
  ...{ window: "5m", delay: "0s" },
};
const NIGHTLY = { name: "Nightly", kind: "absence", heartbeat: "nightly", period: "1d" };

const HANDLERS = { GET, POST, PUT, DELETE };

let server: Server;
let url: string;
let folder: string;
let key: string;

/** The routes of rules behind a port, for a command that knows HTTP only. */
async function serve(): Promise<void> {
  server = createServer(async (request, response) => {
    const path = request.url ?? "/";
    const method = request.method as keyof typeof HANDLERS;
    const body = await text(request);
    const handler = path.endsWith("/export") ? exportAll : HANDLERS[method];
    const answer = await call(handler, path, {
      ...{ method, headers: request.headers as Record<string, string> },
      ...(body === "" ? {} : { body }),
      params: { id: path.split("/")[4] ?? "" },
    });
    response.writeHead(answer.status, { "content-type": "application/json" }).end(answer.text);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  await truncateAll();
  key = (await bearer("read", "write")).authorization.replace("Bearer ", "");
  folder = await mkdtemp(join(tmpdir(), "watchkeeper-rules-"));
  await serve();
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  await rm(folder, { recursive: true });
});

async function file(name: string, content: unknown): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, stringify(content));
  return path;
}

/** How the command ended, what it wrote, and what an operator is told where it cannot go on. */
async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = "";
  const write = vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    out += chunk;
    return true;
  });
  try {
    return { code: await rules(args), out, err: "" };
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    return { code: 1, out, err: error.message };
  } finally {
    write.mockRestore();
  }
}

const at = () => ["--url", url, "--key", key];

async function known(): Promise<Record<string, unknown>[]> {
  const headers = { authorization: `Bearer ${key}` };
  const answer = await fetch(`${url}/api/v1/rules`, { headers });
  return ((await answer.json()) as { data: Record<string, unknown>[] }).data;
}

describe("rules as code", () => {
  it("are made, changed and deleted by their names, and come back as they were written", async () => {
    const both = await file("both.yaml", { rules: [FAILING, NIGHTLY] });
    expect(await run("diff", both, ...at())).toMatchObject({
      code: 1,
      out: "+ Failing (new)\n+ Nightly (new)\n2 differences.\n",
    });
    expect(await run("apply", both, ...at())).toMatchObject({ code: 0 });
    expect(await run("diff", both, ...at())).toMatchObject({ code: 0, out: "No differences.\n" });
    const before = await known();

    const one = await file("one.yaml", { rules: [{ ...FAILING, fire: 0.3 }] });
    expect(await run("apply", one, ...at())).toMatchObject({
      code: 0,
      out: [
        ...["~ Failing (changed)", "    fire: 0.2 → 0.3", "1 of 2 differences applied."],
        "1 rules that the file does not have stay; --prune deletes them.\n",
      ].join("\n"),
    });
    const id = before.find(({ name }) => name === "Failing")?.id;
    expect(await known()).toContainEqual(expect.objectContaining({ id, fire: 0.3, version: 2 }));

    expect(await run("apply", one, "--prune", ...at())).toMatchObject({ code: 0 });
    expect((await known()).map(({ name }) => name)).toEqual(["Failing"]);

    const exported = join(folder, "exported.yaml");
    expect(await run("export", exported, ...at())).toMatchObject({ code: 0 });
    expect(parse(await readFile(exported, "utf8"))).toEqual({ rules: [{ ...FAILING, fire: 0.3 }] });
    const entry = await prisma.auditEntry.findFirst({ where: { action: "rule.exported" } });
    expect(entry).toMatchObject({ actorKind: "key", actorLabel: "test" });
  });

  it("say what is wrong with them, before anything is sent and after", async () => {
    const wrong = await file("wrong.yaml", { rules: [{ ...FAILING, fire: 20 }] });
    expect(await run("apply", wrong, ...at())).toEqual({
      ...{ code: 1, out: "" },
      err: `${wrong}: not all of it are rules\n  rules.0.fire: \`failure_rate\` is never above 1: write 20 % as 0.2`,
    });
    const parts = { kind: "composite", rules: { a: "rule_none" }, expression: "a" };
    const alone = await file("alone.yaml", { rules: [{ name: "Both", ...parts }] });
    const refused = await run("apply", alone, ...at());
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.err).toContain(`${url} answered 400`);
    expect(await run("diff", alone, "--url", url, "--key", "wk_no")).toMatchObject({
      ...{ code: 1, err: expect.stringContaining(`${url} answered 401`) },
    });
    expect(await run("diff", alone, "--url", "http://127.0.0.1:1", "--key", key)).toMatchObject({
      ...{ code: 1, err: expect.stringContaining("http://127.0.0.1:1 cannot be reached") },
    });
    expect((await run("diff", alone)).err).toContain("No API key");
  });
});

describe("tests of rules", () => {
  it("pass on the scenarios that the machine is built by", async () => {
    const { code, out } = await run("test", "tests/data/alerts.json");
    expect(out).toContain("9 passed, 0 failed, 8 skipped.");
    expect(code).toBe(0);
  });

  it("end the process with 1 when one differs", async () => {
    const wrong = await file("late.json", {
      scenarios: [
        {
          ...{ id: "X2", title: "fires late", settings: "for=1m", columns: [0, 1] },
          rows: [
            { name: "breach", cells: [1, 1] },
            { name: "state", cells: ["P", "P"] },
          ],
        },
      ],
    });
    const child = spawn(process.execPath, ["lib/cli/boot.mjs", "rules", "test", wrong], {
      env: childEnv({ NODE_ENV: "production" }),
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [out, [code]] = await Promise.all([text(child.stdout), once(child, "exit")]);
    expect(out).toContain("X2 fires late: state, minute 1: expected P, found F\n");
    expect(code).toBe(1);
  });

  it("exit 1 naming the scenario, the row and the first column that differs", async () => {
    const wrong = await file("wrong.json", {
      scenarios: [
        {
          ...{ id: "X1", title: "never fires", anchor: "Prometheus", settings: "for=1m" },
          columns: [0, 1, 2],
          rows: [
            { name: "breach", cells: [1, 1, 1] },
            { name: "state", cells: ["P", "P", "P"] },
          ],
        },
      ],
    });
    expect(await run("test", wrong)).toMatchObject({
      code: 1,
      out: `${wrong}: X1 never fires: state, minute 1: expected P, found F\n0 passed, 1 failed, 0 skipped.\n`,
    });
  });

  it("take promtool's form, with rules of files beside them", async () => {
    await file("failing.yaml", { rules: [FAILING] });
    const alert = (eval_time: string) => ({
      ...{ eval_time, alertname: "Failing" },
      exp_alerts: [{ exp_labels: { agent: "a" } }],
    });
    const tests = (...asked: object[]) => ({
      rule_files: ["failing.yaml"],
      tests: [
        {
          ...{ name: "a bad night", interval: "1m", alert_rule_test: asked },
          input_series: [
            { series: 'failure_rate:numerator{agent="a"}', values: "0x4 5x20" },
            { series: 'failure_rate:denominator{agent="a"}', values: "10x30" },
          ],
        },
      ],
    });
    const good = await file("good.yaml", tests(alert("8m")));
    const bad = await file("bad.yaml", tests(alert("5m")));
    expect(await run("test", good, bad)).toMatchObject({
      code: 1,
      out: [
        `${good}: a bad night: ok`,
        `${bad}: a bad night: Failing, 5m: expected {agent="a"}, found no alert`,
        "1 passed, 1 failed, 0 skipped.\n",
      ].join("\n"),
    });
  });

  it("say what cannot be read", async () => {
    const neither = await file("neither.yaml", { groups: [] });
    const { code, err } = await run("test", neither);
    expect(code).toBe(1);
    expect(err).toContain(`${neither}: neither scenarios nor tests`);
    expect((await run("test", join(folder, "none.yaml"))).err).toContain("cannot be read");
    expect((await run("tset")).err).toContain("npm run -s rules -- test FILE…");
  });
});
