import { type ChannelItem, type ChannelKind, NewChannel } from "@/lib/notify/channel-schema";
import type { ChannelBody } from "@/lib/notify/queries";

/** The form's fields as they are typed, of every kind; secrets stay empty unless they are to be replaced. */
export type Draft = {
  kind: ChannelKind;
  name: string;
  sends_closes: boolean;
  is_default: boolean;
  /** Left out until somebody has said so. */
  carries_links?: boolean;
  texts: Record<string, string>;
  /** Signing secrets that go on signing, by their hints. */
  kept: string[];
};

type FieldKind = "text" | "secret" | "number" | "addresses" | "headers" | "signing" | "choice";
export type FieldSpec = {
  name: string;
  label: string;
  kind: FieldKind;
  hint?: string;
  options?: readonly (readonly [string, string])[];
  optional?: true;
};

const url = (hint: string): FieldSpec => ({
  name: "url",
  label: "Webhook URL",
  kind: "secret",
  hint,
});

/** What is asked of each kind, in the order of the form. */
export const FIELDS: Record<ChannelKind, readonly FieldSpec[]> = {
  email: [
    { name: "to", label: "To", kind: "addresses", hint: "addresses, with commas between" },
    { name: "from", label: "From", kind: "text", hint: "like: Watchkeeper <alerts@example.com>" },
    { name: "host", label: "SMTP server", kind: "text" },
    { name: "port", label: "Port", kind: "number" },
    {
      ...{ name: "tls", label: "Encryption", kind: "choice" },
      options: [
        ["starttls", "STARTTLS"],
        ["implicit", "TLS from the start"],
        ["none", "none"],
      ],
    },
    { name: "user", label: "User", kind: "text", optional: true },
    { name: "password", label: "Password", kind: "secret", optional: true },
  ],
  slack: [url("of an incoming webhook; the whole of it is a secret")],
  pagerduty: [
    { name: "routing_key", label: "Integration key", kind: "secret", hint: "Events API v2" },
    { name: "url", label: "Address", kind: "text" },
  ],
  teams: [url("of a workflow that takes webhook requests; a secret")],
  discord: [url("of a channel's webhook; a secret")],
  webhook: [
    { name: "url", label: "URL", kind: "text" },
    {
      ...{ name: "format", label: "Body", kind: "choice" },
      options: [
        ["watchkeeper", "Watchkeeper's own JSON"],
        ["alertmanager", "as Alertmanager v4 sends it"],
      ],
    },
    {
      ...{ name: "secret", label: "Signing secret", kind: "signing", optional: true },
      hint: "whsec_…, as Standard Webhooks has it; two may be live at once",
    },
    {
      ...{ name: "headers", label: "Headers", kind: "headers", optional: true },
      hint: "one a line, like Authorization: Bearer …; not shown again",
    },
  ],
  alertmanager: [
    { name: "url", label: "URL", kind: "text", hint: "its base, without /api/v2/alerts" },
    { name: "user", label: "User", kind: "text", optional: true },
    { name: "password", label: "Password", kind: "secret", optional: true },
    { name: "token", label: "Bearer token", kind: "secret", optional: true },
  ],
};

const USUAL: Record<string, string> = { port: "587", tls: "starttls", format: "watchkeeper" };
const PAGERDUTY = "https://events.pagerduty.com/v2/enqueue";

const isSecret = ({ kind }: FieldSpec) => ["secret", "headers", "signing"].includes(kind);
export const isSigning = (name: string) => name === "secret" || name === "secrets";

export function newDraft(kind: ChannelKind): Draft {
  const texts = { ...USUAL, ...(kind === "pagerduty" ? { url: PAGERDUTY } : {}) };
  return { kind, name: "", sends_closes: true, is_default: false, texts, kept: [] };
}

export function draftOf(item: ChannelItem): Draft {
  const { kind, name, sends_closes, is_default } = item;
  const settings: Record<string, unknown> = item.settings;
  const texts = Object.fromEntries(
    FIELDS[kind]
      .filter((field) => !isSecret(field))
      .map((field) => {
        const value = settings[field.name] ?? "";
        return [field.name, Array.isArray(value) ? value.join(", ") : `${value}`];
      }),
  );
  const kept = item.secrets.filter((secret) => isSigning(secret.name)).map(({ hint }) => hint);
  return { kind, name, sends_closes, is_default, texts, kept };
}

export type Issues = Record<string, string>;
export type Read = { body: ChannelBody; issues: Issues };

/** The channel that is typed, and what is wrong with each field; of one that exists, what changes. */
export function readDraft(draft: Draft, item: ChannelItem | null): Read {
  const { kind, name, sends_closes, is_default, carries_links: carries } = draft;
  const links = carries === undefined || kind !== "email" ? {} : { carries_links: carries };
  const fields = Object.fromEntries(
    FIELDS[kind].flatMap((field) => {
      const value = typedValue(field, draft.texts[field.name] ?? "");
      return value === undefined ? [] : [[field.name, value]];
    }),
  );
  const whole = { kind, name, sends_closes, is_default, ...links, ...fields };
  const parsed = NewChannel.safeParse(whole);
  const issues: Issues = {};
  for (const { path, message } of parsed.error?.issues ?? []) {
    const field = String(path[0] ?? "name");
    const isStored = item !== null && fields[field] === undefined;
    if (!(isStored && FIELDS[kind].some((one) => one.name === field && isSecret(one))))
      issues[field] ??= message;
  }
  return { body: item === null ? whole : changesOf(whole, draft, item), issues };
}

/** What is left empty is not sent: a secret stays, what may be missing is. */
function typedValue(field: FieldSpec, text: string): unknown {
  const typed = text.trim();
  if (typed === "" && field.kind !== "addresses") {
    if (isSecret(field)) return undefined;
    return field.optional ? null : "";
  }
  switch (field.kind) {
    case "number":
      return /^\d+$/.test(typed) ? Number(typed) : typed;
    case "addresses":
      return typed.split(/[\s,;]+/).filter((one) => one !== "");
    case "headers":
      return headersOf(text);
    default:
      return typed;
  }
}

/** A line that is no header is told to be none by its name. */
const headersOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map((line) => {
        const at = line.indexOf(":");
        return at < 0 ? [line, ""] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
      }),
  );

function changesOf(whole: ChannelBody, draft: Draft, item: ChannelItem): ChannelBody {
  const present: Record<string, unknown> = { ...item.settings, ...item };
  const { kind: _, secret, ...fields } = whole;
  const changed = Object.fromEntries(
    Object.entries(fields).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(present[name]),
    ),
  );
  const stored = draftOf(item).kept;
  const isSame = stored.length === draft.kept.length && secret === undefined;
  if (draft.kind !== "webhook" || isSame) return changed;
  return { ...changed, secrets: [...draft.kept, ...(secret === undefined ? [] : [secret])] };
}
