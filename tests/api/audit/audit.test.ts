import { beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { GET as exported } from "@/app/api/v1/audit/export/route";
import { GET } from "@/app/api/v1/audit/route";
import { GET as events } from "@/app/api/v1/sessions/[id]/events/route";
import { GET as find } from "@/app/api/v1/sessions/[id]/find/route";
import { GET as trace } from "@/app/api/v1/sessions/[id]/trace/route";
import type { AuditPage } from "@/lib/audit/schema";
import { forgetEntries, record, recordView } from "@/lib/audit/service";
import { prisma } from "@/lib/db/client";
import { route } from "@/lib/http/route";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { truncateAll } from "@/tests/support/database";
import { signInByKey } from "@/tests/support/people";
import { HP_05 } from "@/tests/support/recorded";
import { storeRecorded } from "@/tests/support/stored";

const START = Date.parse("2026-11-20T10:00:00Z");
const at = (minutes: number) => new Date(START + minutes * 60_000);
const BROWSER = { kind: "browser", id: null, label: "browser" } as const;
let admin: { authorization: string };

beforeEach(async () => {
  await truncateAll();
  admin = await bearer("admin");
});

async function list(query = ""): Promise<AuditPage> {
  const answer = await call(GET, `/api/v1/audit${query}`, { headers: admin });
  expect([answer.status, answer.body]).toEqual([200, answer.body]);
  return answer.body as AuditPage;
}

const actions = async (query = "") => (await list(query)).data.map(({ action }) => action);

const change = route(
  { auth: "write", summary: "x", audit: "rule.changed", params: z.object({ id: z.string() }) },
  async ({ caller, params }) => {
    await prisma.$transaction((tx) =>
      record(tx, caller.workspace, {
        action: "rule.changed",
        target: { id: params.id, name: "Failures" },
        before: { fire: 1, token: "a" },
        after: { fire: 2, token: "b" },
        reason: "too loud",
      }),
    );
    return undefined;
  },
);

describe("an entry", () => {
  it("says who did what, from where, and what it was before and after", async () => {
    const headers = { ...admin, "x-forwarded-for": "203.0.113.7", "user-agent": "curl/8" };
    const answer = await call(change, "/x", { method: "POST", headers, params: { id: "rule_1" } });
    const key = await prisma.apiKey.findFirstOrThrow();
    expect((await list()).data).toEqual([
      {
        id: expect.stringMatching(/^audit_[0-9a-f]{32}$/),
        at: expect.stringMatching(/^20\d\d-.*Z$/),
        actor: { kind: "key", id: key.id, label: "test" },
        ip: "203.0.113.7",
        user_agent: "curl/8",
        action: "rule.changed",
        target: { kind: "rule", id: "rule_1", label: "Failures" },
        before: { fire: 1, token: "(secret)" },
        after: { fire: 2, token: "(secret)" },
        reason: "too loud",
        request_id: answer.headers.get("x-request-id"),
      },
    ]);
  });

  it("is not there when the change is not", async () => {
    const failing = prisma.$transaction(async (tx) => {
      await record(tx, "default", { action: "rule.deleted" });
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect((await list()).data).toEqual([]);
  });

  it("is Watchkeeper's own outside a request", async () => {
    await record(prisma, "default", { action: "demo.removed" });
    expect((await list()).data).toMatchObject([
      { actor: { kind: "system", label: "Watchkeeper" }, ip: null, request_id: null },
    ]);
  });

  it("is made by the route where its service makes none, and by nobody when it fails", async () => {
    const handler = (fails: boolean) =>
      route(
        {
          ...{ auth: "read", summary: "x", audit: "metrics.exported" },
          query: z.object({ metric: z.string().optional() }),
          response: z.null(),
        },
        () => {
          if (fails) throw new Error("no");
          return null;
        },
      );
    await call(handler(false), "/x?metric=cost", { headers: admin });
    await call(handler(true), "/x?metric=cost", { headers: admin });
    expect((await list()).data).toMatchObject([
      { action: "metrics.exported", after: { metric: "cost" }, target: { id: null } },
    ]);
  });
});

describe("the table", () => {
  const one = () => record(prisma, "default", { action: "rule.changed" }, at(0));
  it.each([
    ["an update", "update audit set reason = 'x'"],
    ["a deletion", "delete from audit"],
    ["a truncation", "truncate audit"],
    [
      "a deletion of what is younger than it says",
      "begin; select set_config('watchkeeper.audit_before', '2026-11-20T10:00:00Z', true); delete from audit; commit",
    ],
  ])("refuses %s", async (_, sql) => {
    await one();
    const statements = sql.split("; ").filter((part) => !/^(begin|commit)$/.test(part));
    const work = prisma.$transaction(async (tx) => {
      for (const statement of statements) await tx.$executeRawUnsafe(statement);
    });
    await expect(work).rejects.toThrow(/append-only/);
    expect(await actions()).toEqual(["rule.changed"]);
  });

  it("forgets by retention alone, and says so", async () => {
    for (let n = 0; n < 5; n++)
      await record(prisma, "default", { action: "rule.changed" }, at(n * 1440));
    expect(await forgetEntries(3, at(6 * 1440 + 1), 2)).toBe(4);
    expect((await list()).data).toMatchObject([
      { action: "audit.forgotten", after: { entries: 4, before: "2026-11-23T10:01:00.000Z" } },
      { action: "rule.changed", at: at(4 * 1440).toISOString() },
    ]);
    expect(await forgetEntries(3, at(6 * 1440 + 1))).toBe(0);
  });
});

describe("views", () => {
  const view = (now: Date, id: string) =>
    route({ auth: "read", summary: "x" }, async ({ caller }) => {
      await recordView(caller.workspace, id, now);
      return undefined;
    });
  const asBrowser = async () => {
    return { cookie: await signInByKey(admin.authorization.slice("Bearer ".length)) };
  };

  it("are recorded once a person, session and hour", async () => {
    const headers = await asBrowser();
    const seen = [
      ...[[0, "sesn_1"] as const, [59, "sesn_1"] as const, [59, "sesn_2"] as const],
      ...[[60, "sesn_1"] as const, [30, "sesn_1"] as const],
    ];
    for (const [minutes, id] of seen) await call(view(at(minutes), id), "/x", { headers });
    const views = (await list("?action=session.viewed")).data;
    expect(views.map((entry) => [entry.at, entry.target.id])).toEqual([
      [at(60).toISOString(), "sesn_1"],
      [at(59).toISOString(), "sesn_2"],
      [at(0).toISOString(), "sesn_1"],
    ]);
    expect(views[0]?.actor).toEqual(BROWSER);
  });

  it("are those of a session's events, spans and what is found in it, and no program's", async () => {
    await storeRecorded(HP_05);
    const at = { params: { id: HP_05 } };
    for (const handler of [events, trace, find]) {
      await call(handler, "/x?kind=error", { headers: admin, ...at });
      await call(handler, "/x", { headers: admin, ...at });
    }
    expect(await actions()).toEqual([]);
    const headers = await asBrowser();
    expect((await call(events, "/x", { headers, params: { id: "sesn_none" } })).status).toBe(404);
    expect(await actions()).toEqual(["access.signed_in"]);
    for (const handler of [events, trace]) {
      expect((await call(handler, "/x", { headers, ...at })).status).toBe(200);
      expect(await actions()).toEqual(["session.viewed", "access.signed_in"]);
    }
  });
});

describe("the list", () => {
  beforeEach(async () => {
    const deeds = [
      { action: "rule.created", target: { id: "rule_1", name: "Failures 100%" } },
      { action: "rule.changed", target: { id: "rule_1", name: "Failures" }, reason: "Too loud" },
      { action: "key.created", target: { id: "key_1", name: "ci" }, actor: BROWSER },
      { action: "connection.changed", target: { id: "conn_1" }, actor: BROWSER },
    ] as const;
    for (const [n, deed] of deeds.entries()) await record(prisma, "default", deed, at(n));
    await record(prisma, "other", { action: "rule.created" }, at(9));
  });

  it.each([
    ["", ["connection.changed", "key.created", "rule.changed", "rule.created"]],
    ["?action=rule", ["rule.changed", "rule.created"]],
    ["?action=rule.created", ["rule.created"]],
    ["?actor=browser", ["connection.changed", "key.created"]],
    ["?actor=key_9", []],
    ["?target=rule_1", ["rule.changed", "rule.created"]],
    ["?from=2026-11-20T10:02:00Z", ["connection.changed", "key.created"]],
    ["?to=2026-11-20T10:02:00Z", ["rule.changed", "rule.created"]],
    ["?q=failURES", ["rule.changed", "rule.created"]],
    ["?q=100%25", ["rule.created"]],
    ["?q=loud", ["rule.changed"]],
    ["?q=_1", ["connection.changed", "key.created", "rule.changed", "rule.created"]],
    ["?q=_2", []],
  ])("with %s is %j", async (query, expected) => {
    expect(await actions(query)).toEqual(expected);
  });

  it("goes on from page to page without gap or repetition, also within one instant", async () => {
    for (let n = 0; n < 5; n++) await record(prisma, "default", { action: "view.saved" }, at(5));
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page: AuditPage = await list(`?limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`);
      expect(page.data.length).toBeLessThanOrEqual(2);
      seen.push(...page.data.map(({ id }) => id));
      cursor = page.next_cursor;
    }
    expect(seen).toEqual((await list()).data.map(({ id }) => id));
    expect(new Set(seen).size).toBe(9);
  });

  it("refuses a cursor it has not given out, and who is no admin", async () => {
    const answer = await call(GET, "/api/v1/audit?cursor=eyJ4IjoxfQ", { headers: admin });
    expect(answer.status).toBe(400);
    const write = await call(GET, "/api/v1/audit", { headers: await bearer("write") });
    expect(write.status).toBe(403);
  });

  it("is written as a file, which is recorded itself", async () => {
    const csv = await call(exported, "/api/v1/audit/export?format=csv&action=rule", {
      headers: admin,
    });
    const lines = csv.text.trimEnd().split("\n");
    expect(csv.headers.get("content-disposition")).toBe('attachment; filename="audit.csv"');
    expect(lines[0]).toMatch(/^at,id,actor\.kind,.*,before,after,reason,request_id$/);
    expect(lines.slice(1).map((line) => line.split(",")[7])).toEqual([
      "rule.changed",
      "rule.created",
    ]);
    const ndjson = await call(exported, "/api/v1/audit/export?action=rule", { headers: admin });
    const items = ndjson.text.trimEnd().split("\n");
    expect(items.map((line) => JSON.parse(line))).toEqual((await list("?action=rule")).data);
    expect((await list("?action=audit.exported")).data).toMatchObject([
      { after: { format: "ndjson", action: "rule" } },
      { after: { format: "csv", action: "rule" } },
    ]);
  });
});
