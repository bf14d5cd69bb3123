import type { Db } from "@/lib/db/client";

/**
 * Everything ingest has left behind for a workspace, as text, without the facts of arrival
 * (`received_at`, `source`, the partition day) and the workspace's own name.
 */
export async function fingerprint(db: Db, workspace: string): Promise<Record<string, string[]>> {
  const tables = {
    session: "(to_jsonb(t) - '{workspace,day,source}'::text[])::text",
    // NUL and half surrogates in what a sender wrote cannot become jsonb; their text is compared as it is.
    session_state:
      "concat_ws('|', session_id, connection_id, object::text, fold::text, fold_version, rolled::jsonb #- '{dimensions,source}')",
    thread: "concat_ws('|', session_id, thread_id, model, status, object::text, fold::text)",
    span: "(to_jsonb(t) - '{workspace,day}'::text[])::text",
    event: "concat_ws('|', session_id, thread_id, id, type, at, rank, hash, payload::text)",
    message_text: "(to_jsonb(t) - '{workspace,day}'::text[])::text",
  };
  const print: Record<string, string[]> = {};
  for (const [table, expression] of Object.entries(tables)) {
    const rows = await db.$queryRawUnsafe<Array<{ row: string }>>(
      `select ${expression} as row from "${table}" t where workspace = $1 order by 1`,
      workspace,
    );
    print[table] = rows.map((entry) => entry.row);
  }
  return print;
}
