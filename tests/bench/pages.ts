import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { type Client, checked } from "./client";
import { longSession } from "./long-session";
import type { Product } from "./product";
import { note, type Row } from "./report";

const LIMIT_KB = 250;
const PAGES = ".next/app-path-routes-manifest.json";

/**
 * The JavaScript a browser fetches before a page works: the scripts of its HTML and the chunks that its
 * client components name there; not what the page loads later by itself.
 */
export async function measurePages(product: Product): Promise<Row[]> {
  const { client } = product;
  const cookie = await signIn(client);
  const session = await longSession(product, 500);
  const connection = await pausedConnection(client);
  const rule = await quietRule(client);
  const sizes = new Map<string, number>();
  const pages: Array<{ page: string; kb: number }> = [];
  for (const page of await pageList()) {
    const path = page
      .replace("[sessionId]", session.id)
      .replace("[agentId]", session.agent)
      .replace("[ruleId]", rule)
      .replace("[id]", connection);
    // Nothing has fired here.
    if (path.includes("[episodeId]")) continue;
    const headers: Record<string, string> = /^\/(sign-in|setup)/.test(path) ? {} : { cookie };
    const answer = await client.get(path, headers);
    // It only leads on to another.
    if (answer.status === 307) continue;
    const html = checked(answer, path).body.toString();
    let bytes = 0;
    for (const file of scriptsOf(html)) {
      const known = sizes.get(file) ?? (await gzippedBytes(client, file));
      sizes.set(file, known);
      bytes += known;
    }
    if (bytes === 0) throw new Error(`${path}: no script was found in its HTML`);
    pages.push({ page, kb: bytes / 1000 });
  }
  pages.sort((a, b) => b.kb - a.kb);
  for (const { page, kb } of pages) note(`${kb.toFixed(1).padStart(8)} kB  ${page}`);
  const largest = pages[0];
  return [
    {
      measure: `first-load JavaScript, gzipped, of the largest of ${pages.length} pages`,
      value: `${Math.round(largest?.kb ?? Number.NaN)} kB (${largest?.page})`,
      target: `≤ ${LIMIT_KB} kB`,
      met: pages.every(({ kb }) => kb <= LIMIT_KB),
      figures: Object.fromEntries(pages.map(({ page, kb }) => [page, kb])),
    },
  ];
}

/** The product's pages as the build lists them. */
async function pageList(): Promise<string[]> {
  const routes: Record<string, string> = JSON.parse(await readFile(PAGES, "utf8"));
  return Object.entries(routes)
    .filter(([file, path]) => file.endsWith("/page") && !path.startsWith("/_"))
    .map(([, path]) => path)
    .sort();
}

async function signIn(client: Client): Promise<string> {
  const answer = await client.post(
    "/api/auth/sign-in",
    new URLSearchParams({ key: client.key, next: "/" }).toString(),
    { "content-type": "application/x-www-form-urlencoded", origin: client.address },
  );
  const cookie = answer.headers["set-cookie"]?.[0]?.split(";")[0];
  if (!cookie) throw new Error(`No cookie came from signing in: status ${answer.status}`);
  return cookie;
}

/** A connection to be shown; nothing is read of it. */
async function pausedConnection(client: Client): Promise<string> {
  const made = { name: "Bench", api_key: "sk-ant-api03-bench" };
  const answer = await client.post("/api/v1/connections", JSON.stringify(made));
  if (answer.status !== 201) throw new Error(`No connection: ${answer.body.toString()}`);
  const { id } = JSON.parse(answer.body.toString()) as { id: string };
  await client.patch(`/api/v1/connections/${id}`, JSON.stringify({ state: "paused" }));
  return id;
}

/** A rule to be shown; it is never judged. */
async function quietRule(client: Client): Promise<string> {
  const rule = { kind: "threshold", name: "Bench", metric: "cost", fire: 1, paused: true };
  const answer = await client.post("/api/v1/rules", JSON.stringify(rule));
  if (answer.status !== 201) throw new Error(`No rule: ${answer.body.toString()}`);
  return (JSON.parse(answer.body.toString()) as { id: string }).id;
}

function scriptsOf(html: string): Set<string> {
  // Polyfills for browsers without modules are fetched by no browser we support.
  const modern = html.replace(/<script[^>]*\bnomodule\b[^>]*>/gi, "");
  return new Set(modern.match(/\/_next\/static\/[^"'\\\s?]+\.js/g) ?? []);
}

async function gzippedBytes(client: Client, file: string): Promise<number> {
  const answer = checked(await client.get(file, { "accept-encoding": "gzip" }), file);
  return answer.headers["content-encoding"] === "gzip"
    ? answer.body.length
    : gzipSync(answer.body).length;
}
