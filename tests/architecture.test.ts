import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, it } from "vitest";

/** Lower never imports higher. Tenths order the rooms of the base, which build on each other. */
const RANKS: [number, RegExp][] = [
  [0, /^lib\/(format|series|time\/|http\/errors)/],
  [
    1,
    /^lib\/(env|http\/(?!route|outbound|other-methods|not-found|page-params|openapi|health-store|away-service))/,
  ],
  [1.1, /^lib\/db\//],
  [1.2, /^lib\/audit\//],
  [1.3, /^lib\/auth\//],
  [1.4, /^lib\/(http|jobs)\//],
  [2.1, /^lib\/(agents\/|budgets\/|chargeback\/|savings\/|failures\/(?!group\.))/],
  [2.2, /^lib\/whatif\//],
  [2, /^lib\/(costs|sessions|failures|fleet|metrics|masking|connections|live|oidc)\//],
  [3, /^lib\/(ingest|notify|overview)\//],
  [3.1, /^lib\/retention\//],
  [4, /^lib\/(anthropic|demo|limits|rejected)\//],
  [5, /^lib\/(alerts|checks)\//],
  [7, /^(lib\/cli|app)\/|^(proxy|instrumentation|next\.config)\./],
  [6, /^components\//],
];

/** Files of a room that touch the world; every other file of a room is pure. */
const STORE = /(\/|-)store\.ts$|^lib\/(db\/|jobs\/queue)/;
const SHELL =
  /((\/|-)(store|service|queries)|^lib\/metrics\/query|^lib\/ingest\/slots)\.ts$|\/channels\/|^lib\/anthropic\/(client|poll|stream|webhook)/;
const ROOM = /^lib\/(?!cli|db|auth|http|jobs|audit|env)/;
/** A service sets the bounds of a transaction; what happens within is the store's. */
const SQL = /\$(query|execute)Raw|\bprisma\.(?!\$transaction|config)|from "pg"|db\/generated/;
const CLIENT = /\bprisma\b[^;]*from "@\/lib\/db\/client"/;
const NAME = /^(\([a-z-]+\)|\[{0,2}(\.{3})?[a-zA-Z]+\]{1,2}|[a-z0-9-]+(\.[a-z]+)*)$/;

type File = { path: string; text: string };
type Import = { from: string; to: string; isType: boolean };

const rankOf = (path: string) => RANKS.find(([, pattern]) => pattern.test(path))?.[0];

function importsOf({ path, text }: File, known: Set<string>): Import[] {
  const found = text.matchAll(
    /^(?:import|export)( type)?\b[^;"']*?["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']/gm,
  );
  return [...found].flatMap(([, type, named, called]) => {
    const target = named ?? called ?? "";
    if (!/^(@\/|\.)/.test(target)) return [];
    const base = target.startsWith("@/") ? target.slice(2) : normalize(join(dirname(path), target));
    const to = ["", ".ts", ".tsx", "/index.ts"].map((end) => base + end).find((p) => known.has(p));
    return to ? [{ from: path, to, isType: type !== undefined }] : [];
  });
}

function directionErrors({ from, to, isType }: Import): string[] {
  const [mine, theirs] = [rankOf(from), rankOf(to)];
  const room = (path: string) => path.split("/").slice(0, 2).join("/");
  if (mine === undefined || theirs === undefined) return [`${from} or ${to} has no rank`];
  const touchesWorld = SHELL.test(to) && !to.endsWith("queries.ts");
  if (theirs > mine) return [`${from} imports upward: ${to}`];
  if (from.startsWith("lib/") && /^(app|components)\//.test(to)) return [`${from} imports ${to}`];
  if (
    mine === 6 &&
    theirs >= 1 &&
    to.startsWith("lib/") &&
    (touchesWorld || /^lib\/(db|env|jobs)/.test(to))
  )
    return [`${from} is drawn in the browser and imports ${to}`];
  // Zod is 32 kB of every page that takes it; a form that validates as one types comes by itself.
  if (mine === 6 && !isType && to.endsWith("schema.ts") && !from.endsWith("/draft.ts"))
    return [`${from} takes zod into the page with ${to}`];
  if (mine >= 2 && mine < 6 && mine === theirs && room(from) !== room(to) && SHELL.test(to))
    return [`${from} imports more than schema and pure files of its rank: ${to}`];
  return [];
}

function contentErrors({ path, text }: File): string[] {
  const lines = text.split("\n").length - 1;
  const limit = /^app\/.*\/route\.ts$/.test(path) ? 40 : 250;
  const code = text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  const words = code.replace(/"[^"\n]*"|'[^'\n]*'/g, '""');
  const isBoot = /^lib\/cli\/(boot|web)\.mjs$/.test(path);
  const isPure = ROOM.test(path) && !SHELL.test(path);
  const rules: [boolean, string][] = [
    [lines > limit, `has ${lines} lines, at most ${limit} are allowed`],
    [!path.split("/").every((part) => NAME.test(part)), "has a name that is not kebab-case"],
    [/\/index\.tsx?$/.test(path), "is a barrel"],
    [/process\.env\b/.test(code) && path !== "lib/env.ts" && !isBoot, "reads process.env"],
    [/["']recharts["']/.test(code) && !path.startsWith("components/charts/"), "imports recharts"],
    [SQL.test(code) && !STORE.test(path), "holds SQL or Prisma"],
    [CLIENT.test(code) && !STORE.test(path) && !/service\.ts$/.test(path), "imports Prisma"],
    [isPure && /Date\.now|new Date\(\)|Math\.random|\bawait\b/.test(words), "is not pure"],
  ];
  return rules.filter(([broken]) => broken).map(([, reason]) => `${path} ${reason}`);
}

/** Circles of imports that run at load time, each named once by the import that closes it. */
function cycleErrors(imports: Import[]): string[] {
  const next = new Map<string, string[]>();
  for (const { from, to } of imports.filter((found) => !found.isType))
    next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const errors: string[] = [];
  const walk = (path: string, trail: string[]) => {
    if (trail.includes(path))
      errors.push(`circle: ${[...trail.slice(trail.indexOf(path)), path].join(" → ")}`);
    if (done.has(path)) return;
    done.add(path);
    for (const to of next.get(path) ?? []) walk(to, [...trail, path]);
  };
  for (const path of next.keys()) walk(path, []);
  return errors;
}

function check(files: File[]): string[] {
  const known = new Set(files.map(({ path }) => path));
  const imports = files.flatMap((file) => importsOf(file, known));
  return [
    ...imports.flatMap(directionErrors),
    ...files.flatMap(contentErrors),
    ...cycleErrors(imports),
  ];
}

function sources(): File[] {
  const below = ["app", "components", "lib"].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => `${folder}/${name}`),
  );
  return [...below, "proxy.ts", "next.config.ts"]
    .filter((path) => /\.(ts|tsx|mjs)$/.test(path) && !path.startsWith("lib/db/generated/"))
    .map((path) => ({ path, text: readFileSync(path, "utf8") }));
}

it("holds the rules of the house", () => {
  expect(check(sources())).toEqual([]);
});

const plain = (path: string) => ({ path, text: "export const a = 1;\n" });
const lines = (count: number) => "export const a = 1;\n".repeat(count);

it.each([
  [
    "lib/format.ts",
    'import { a } from "@/lib/costs/schema";',
    "imports upward: lib/costs/schema.ts",
  ],
  ["lib/costs/store.ts", 'import { a } from "@/lib/alerts/store";', "imports upward"],
  ["lib/db/client.ts", 'import { a } from "@/lib/auth/store";', "imports upward"],
  ["lib/costs/pricing.ts", 'import { a } from "../alerts/store";', "imports upward"],
  ["lib/costs/pricing.ts", 'export { a } from "@/components/ui/tag";', "imports upward"],
  ["lib/cli/start.ts", 'import { a } from "@/app/page";', "imports app/page.tsx"],
  ["lib/cli/start.ts", 'await import("@/components/ui/tag");', "imports components/ui/tag.tsx"],
  ["lib/costs/service.ts", 'import { a } from "@/lib/sessions/store";', "of its rank"],
  ["components/costs/view.tsx", 'import { a } from "@/lib/costs/store";', "drawn in the browser"],
  ["components/costs/view.tsx", 'import { a } from "@/lib/db/client";', "drawn in the browser"],
  ["components/costs/view.tsx", 'import { a } from "@/lib/costs/schema";', "takes zod"],
  ["lib/costs/pricing.ts", 'import { a } from "@/lib/costs/schema";', "circle"],
  ["lib/costs/pricing.ts", "const now = Date.now();", "is not pure"],
  ["lib/costs/pricing.ts", "const now = new Date();", "is not pure"],
  ["lib/costs/pricing.ts", "const x = Math.random();", "is not pure"],
  ["lib/costs/pricing.ts", "const x = await y;", "is not pure"],
  ["lib/costs/service.ts", "await db.$queryRaw`select 1`;", "holds SQL or Prisma"],
  ["lib/costs/queries.ts", "prisma.session.count();", "holds SQL or Prisma"],
  ["lib/costs/queries.ts", 'import { prisma } from "@/lib/db/client";', "imports Prisma"],
  ["app/page.tsx", 'import pg from "pg";', "holds SQL or Prisma"],
  ["lib/costs/service.ts", "process.env.PORT", "reads process.env"],
  ["components/costs/view.tsx", 'import { Bar } from "recharts";', "imports recharts"],
  ["lib/costs/index.ts", "", "is a barrel"],
  ["lib/costs/costStore.ts", "", "is not kebab-case"],
  ["lib/costs/service.ts", lines(250), "has 251 lines"],
  ["app/api/v1/costs/route.ts", lines(40), "has 41 lines"],
  ["lib/utils/text.ts", 'import { a } from "@/lib/format";', "has no rank"],
])("sees, case %#, what is wrong in %s", (path, text, reason) => {
  const others = ["lib/format.ts", "lib/costs/store.ts", "lib/alerts/store.ts", "lib/auth/store.ts"]
    .concat(["lib/sessions/store.ts", "lib/db/client.ts", "app/page.tsx", "components/ui/tag.tsx"])
    .filter((other) => other !== path)
    .map(plain);
  const schema = { path: "lib/costs/schema.ts", text: 'import { a } from "./pricing";\n' };
  const found = check([...others, schema, { path, text: `${text}\n` }]);
  expect(found).toEqual([expect.stringContaining(reason)]);
});

it("lets through what the rules allow", () => {
  const store = 'import { prisma } from "@/lib/db/client";\nawait prisma.$queryRaw`select 1`;\n';
  const allowed = [
    plain("lib/format.ts"),
    plain("lib/db/client.ts"),
    plain("lib/sessions/schema.ts"),
    { path: "lib/costs/price-store.ts", text: store },
    { path: "lib/costs/pricing.ts", text: 'import type { a } from "./book";\n// Date.now\n' },
    { path: "lib/costs/book.ts", text: 'import type { a } from "@/lib/costs/pricing";\n' },
    { path: "lib/costs/service.ts", text: 'import { a } from "@/lib/sessions/schema";\n' },
    { path: "lib/costs/words.ts", text: 'export const code = "await next";\n' },
    { path: "app/(dashboard)/sessions/[sessionId]/page.tsx", text: "export {};\n" },
  ];
  expect(check(allowed)).toEqual([]);
});
