import { parseBaseUrl } from "@/lib/connections/base-url";
import { type ConnectionItem, ConnectionPatch, type OnDelete } from "@/lib/connections/schema";

/** The form's fields as they are typed. Keys stay empty unless they are to be replaced. */
export type Draft = {
  name: string;
  base_url: string;
  api_key: string;
  reads_per_minute: string;
  depth: "all" | "days";
  backfill_days: string;
  on_delete: OnDelete;
  content_mode: ConnectionItem["content_mode"];
  admin_key: string;
  dropsAdminKey: boolean;
  interrupts: boolean;
  interrupts_per_hour: string;
};

const USUAL_DAYS = 90;

export function draftOf(item: ConnectionItem): Draft {
  return {
    name: item.name,
    base_url: item.base_url,
    api_key: "",
    reads_per_minute: `${item.reads.limit_per_minute}`,
    depth: item.backfill_days === null ? "all" : "days",
    backfill_days: `${item.backfill_days ?? USUAL_DAYS}`,
    on_delete: item.on_delete,
    content_mode: item.content_mode,
    admin_key: "",
    dropsAdminKey: false,
    interrupts: item.interrupts,
    interrupts_per_hour: `${item.interrupts_per_hour}`,
  };
}

export type Issues = Partial<Record<keyof ConnectionPatch, string>>;

/** What the form asks for beyond what is there, and what is wrong with it by field. */
export function patchOf(
  draft: Draft,
  item: ConnectionItem,
): { patch: ConnectionPatch; issues: Issues } {
  const wanted = wantedOf(draft);
  const present: Partial<Record<keyof ConnectionPatch, unknown>> = {
    ...item,
    reads_per_minute: item.reads.limit_per_minute,
    api_key: undefined,
    admin_key: undefined,
  };
  const changed = Object.fromEntries(
    Object.entries(wanted).filter(([name, value]) => value !== present[name as keyof Issues]),
  );
  const parsed = ConnectionPatch.safeParse(changed);
  const issues: Issues = {};
  for (const { path, message } of parsed.error?.issues ?? [])
    issues[path[0] as keyof Issues] ??= message;
  const url = parseBaseUrl(draft.base_url.trim());
  if (url.kind === "wrong") issues.base_url = url.problem;
  else if (url.url !== item.base_url && draft.api_key.trim() === "")
    issues.api_key = "enter the key again: a stored key is sent only where it was entered for";
  return { patch: parsed.data ?? {}, issues };
}

function wantedOf(draft: Draft): Partial<Record<keyof ConnectionPatch, unknown>> {
  const apiKey = draft.api_key.trim();
  const adminKey = draft.admin_key.trim();
  return {
    name: draft.name.trim(),
    base_url: draft.base_url.trim(),
    ...(apiKey === "" ? {} : { api_key: apiKey }),
    reads_per_minute: numberOf(draft.reads_per_minute),
    backfill_days: draft.depth === "all" ? null : numberOf(draft.backfill_days),
    ...{ on_delete: draft.on_delete, content_mode: draft.content_mode },
    interrupts: draft.interrupts,
    interrupts_per_hour: numberOf(draft.interrupts_per_hour),
    ...(draft.dropsAdminKey ? { admin_key: null } : adminKey === "" ? {} : { admin_key: adminKey }),
  };
}

/** What is no number stays a text, which is told to be none. */
const numberOf = (text: string) => (/^\d+$/.test(text.trim()) ? Number(text) : text);
