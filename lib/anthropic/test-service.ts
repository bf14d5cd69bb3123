import { z } from "zod";
import { parseBaseUrl } from "@/lib/connections/base-url";
import { openApiKey } from "@/lib/connections/keys-service";
import { requireConnection } from "@/lib/connections/service";
import { invalidField } from "@/lib/http/errors";
import { openOutbound } from "@/lib/http/outbound";
import { openClient } from "./client";
import { type Failure, failureOf } from "./failure";
import type { ConnectionTest, ConnectionTestAnswer } from "./schema";

const PAGE = 100;
/** A person waits for it. */
const TIMEOUT_MS = 20_000;

const Page = z.object({
  data: z.array(z.looseObject({ created_at: z.string().optional() })),
  next_page: z.string().nullish(),
});
type Page = z.infer<typeof Page>;
type Seen = { page: Page; workspaceId: string | null };

/** What the stored key can see at this moment. Throws `not_found`. */
export async function testStored(key: {
  workspace: string;
  id: string;
}): Promise<ConnectionTestAnswer> {
  const row = await requireConnection(key);
  return testAccess({ baseUrl: row.baseUrl, apiKey: await openApiKey(row) });
}

/** The same for a key that is not saved. Throws `invalid` for a base URL in no form we take. */
export async function testUnsaved(wish: ConnectionTest): Promise<ConnectionTestAnswer> {
  const parsed = parseBaseUrl(wish.base_url);
  if (parsed.kind === "wrong") throw invalidField("base_url", parsed.problem);
  return testAccess({ baseUrl: parsed.url, apiKey: wish.api_key });
}

/** Three reads, none of them tried again: the first failure is the answer. */
async function testAccess(access: {
  baseUrl: string;
  apiKey: string;
}): Promise<ConnectionTestAnswer> {
  const { host } = new URL(access.baseUrl);
  const fetch = openOutbound({ timeoutMs: TIMEOUT_MS });
  const { beta } = openClient({ ...access, fetch, maxRetries: 0 });
  const archived = { limit: PAGE, include_archived: true };
  const sessions = await look(host, beta.sessions.list({ ...archived, order: "desc" }));
  if ("reason" in sessions) return { ok: false, ...sessions };
  const agents = await look(host, beta.agents.list(archived));
  const environments = await look(host, beta.environments.list(archived));
  const { page, workspaceId } = sessions;
  return {
    ok: true,
    workspace_id: workspaceId,
    agents: "reason" in agents ? null : agents.page.data.length,
    environments: "reason" in environments ? null : environments.page.data.length,
    sessions: { seen: page.data.length, more: Boolean(page.next_page) },
    newest_session_at: page.data[0]?.created_at ?? null,
    missing: missingOf({ sessions, agents, environments }),
  };
}

/** A list's first page as it came: the SDK's own would fill in what the server left out. */
async function look(
  host: string,
  call: { asResponse(): Promise<Response> },
): Promise<Seen | Failure> {
  try {
    const response = await call.asResponse();
    const page = Page.parse(await response.json());
    return { page, workspaceId: response.headers.get("anthropic-workspace-id") };
  } catch (error) {
    return failureOf(error, host);
  }
}

function missingOf(lists: {
  sessions: Seen;
  agents: Seen | Failure;
  environments: Seen | Failure;
}): string[] {
  const { page, workspaceId } = lists.sessions;
  const missing: string[] = [];
  if (workspaceId === null) missing.push("Answers do not name their workspace.");
  if (page.next_page === undefined)
    missing.push("Lists do not say whether there is a next page (next_page).");
  if (page.data.some(({ created_at }) => created_at === undefined))
    missing.push("Sessions do not say when they were created (created_at).");
  for (const name of ["agents", "environments"] as const) {
    const list = lists[name];
    if ("reason" in list) missing.push(`The ${name} cannot be read: ${list.message}`);
  }
  return missing;
}
