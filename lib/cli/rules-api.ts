import { type Known, writtenOf } from "@/lib/alerts/rules-file";
import { StartupError } from "@/lib/env";

/** A running Watchkeeper, and the key that it lets in. */
export type Server = { url: string; key: string };

type Answer = {
  data?: (Record<string, unknown> & { id: string })[];
  next_cursor?: string | null;
  error?: { message: string; issues?: { path: string; message: string }[] };
};

/** Every rule there is but the built-in ones, which no file makes or takes away. */
export async function readRules(server: Server): Promise<Known[]> {
  const known: Known[] = [];
  let cursor: string | null = null;
  do {
    const page: Answer = await call(
      server,
      "GET",
      `/api/v1/rules?limit=200${cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    known.push(...ownOf(page));
    cursor = page.next_cursor ?? null;
  } while (cursor !== null);
  return known;
}

/** The same at once, to be kept in a file: the server records that it was handed out. */
export async function exportedRules(server: Server): Promise<Known[]> {
  return ownOf(await call(server, "GET", "/api/v1/rules/export"));
}

const ownOf = ({ data = [] }: Answer): Known[] =>
  data.flatMap((item) => (item.builtin ? [] : [{ id: item.id, rule: writtenOf(item) }]));

/** Throws `StartupError` with what the server says, and of what is wrong with a rule all of it. */
export async function call(
  { url, key }: Server,
  method: "GET" | "POST" | "PUT" | "DELETE",
  path: string,
  body?: unknown,
): Promise<Answer> {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const response = await fetch(`${url}${path}`, {
    ...{ method, headers },
    body: body === undefined ? null : JSON.stringify(body),
  }).catch((error: Error) => {
    const { cause } = error;
    const reason = cause instanceof Error ? cause.message || cause.name : error.message;
    throw new StartupError(`${url} cannot be reached: ${reason}`);
  });
  const text = await response.text();
  const answer = parsed(text);
  if (response.ok) return answer ?? {};
  const { message, issues = [] } = answer?.error ?? { message: text.slice(0, 200) };
  const details = issues.map((issue) => `\n  ${issue.path}: ${issue.message}`).join("");
  throw new StartupError(`${url} answered ${response.status}: ${message}${details}`);
}

function parsed(text: string): Answer | null {
  try {
    return JSON.parse(text) as Answer;
  } catch {
    return null;
  }
}
