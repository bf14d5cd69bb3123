// Channels: how they are written, and what is told of them. Part of the room of schema.ts, and under its sign.
// Secrets are stored sealed, each in its place, and never come back; only their last characters do.
import { z } from "zod";
import { NoticeReason } from "./schema";

/** A workspace has at most this many, which is one page. */
export const MOST_CHANNELS = 100;

export const CHANNEL_KINDS = [
  ...(["email", "slack", "pagerduty", "teams", "discord", "webhook", "alertmanager"] as const),
] as const;
export const ChannelKind = z.enum(CHANNEL_KINDS);
export type ChannelKind = z.infer<typeof ChannelKind>;

/** While one secret takes the place of another. */
export const LIVE_SECRETS = 2;
export const PAGERDUTY_URL = "https://events.pagerduty.com/v2/enqueue";

// No message repeats a value: it may be a secret typed into the wrong field.
const name = z.string().trim().min(1, "expected a name").max(100, "at most 100 characters");
const url = z.string().trim().min(1, "expected a URL").max(2_000, "at most 2,000 characters");
const secretText = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]{1,1000}$/, "expected 1 to 1,000 characters without spaces");
const address = z.string().trim().max(320).pipe(z.email("expected an e-mail address"));
/** `Watchkeeper <alerts@example.com>`, or the address alone. */
const sender = z
  .string()
  .trim()
  .max(400)
  .refine(
    (text) => z.email().safeParse(/^[^<>"\r\n]*<([^<>]+)>$/.exec(text)?.[1] ?? text).success,
    "expected an address, alone or as: Name <name@example.com>",
  );
const signing = z
  .string()
  .trim()
  .regex(
    /^whsec_(?=.{32,88}$)(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
    "expected a signing secret: whsec_ and 24 to 64 random bytes in base64",
  );
const keptSigning = z
  .string()
  .trim()
  .regex(/^….{4}$/, "expected whsec_… or a hint like …abc=");
const header = z.record(
  z
    .string()
    .regex(/^[A-Za-z0-9-]{1,100}$/, "expected a header's name")
    .refine(
      (text) => !/^(host|connection|content-.*|transfer-encoding|webhook-.*)$/i.test(text),
      "this header is set by Watchkeeper itself",
    ),
  z.string().regex(/^[\x20-\x7e]{0,2000}$/, "expected at most 2,000 plain characters"),
);
const headers = header.refine((all) => Object.keys(all).length <= 20, "at most 20 headers");

/** What of each kind may be shown. */
export const SETTINGS = {
  email: z.strictObject({
    host: z.string().trim().min(1, "expected a host name").max(253),
    port: z.int().min(1).max(65_535).default(587),
    tls: z
      .enum(["starttls", "implicit", "none"])
      .default("starttls")
      .describe("`none` only to addresses of WATCHKEEPER_OUTBOUND_ALLOW"),
    user: z.string().max(320).nullable().default(null),
    from: sender,
    to: z.array(address).min(1, "expected at least one address").max(50),
  }),
  slack: z.strictObject({}),
  pagerduty: z.strictObject({ url: url.default(PAGERDUTY_URL) }),
  teams: z.strictObject({}),
  discord: z.strictObject({}),
  webhook: z.strictObject({
    url,
    format: z.enum(["watchkeeper", "alertmanager"]).default("watchkeeper"),
  }),
  alertmanager: z.strictObject({
    url: url.describe("its base, to which /api/v2/alerts is added"),
    user: z.string().max(320).nullable().default(null).describe("for basic authentication"),
  }),
} as const satisfies Record<ChannelKind, z.ZodObject>;
export type Settings<K extends ChannelKind = ChannelKind> = z.infer<(typeof SETTINGS)[K]>;

const secretUrl = { url: url.describe("a secret as a whole") };
const password = z.string().min(1).max(1_000).nullish().describe("null takes it away");

/** What is sealed, as it is written. */
export const SECRETS = {
  email: z.strictObject({ password }),
  slack: z.strictObject(secretUrl),
  pagerduty: z.strictObject({
    routing_key: secretText.describe("of an integration with the Events API v2"),
  }),
  teams: z.strictObject(secretUrl),
  discord: z.strictObject(secretUrl),
  webhook: z.strictObject({
    secret: signing.nullish().describe("signs what is sent, as Standard Webhooks has it"),
    secrets: z
      .array(signing.or(keptSigning))
      .max(LIVE_SECRETS, "at most two secrets are live at once")
      .optional()
      .describe("all that shall sign: new ones in full, present ones by their hint"),
    headers: headers.nullish().describe("sent along; their values are not shown again"),
  }),
  alertmanager: z.strictObject({
    password,
    token: secretText.nullish().describe("sent as a bearer token"),
  }),
} as const satisfies Record<ChannelKind, z.ZodObject>;

const common = {
  name,
  sends_closes: z
    .boolean()
    .default(true)
    .describe("PagerDuty and Alertmanager are told of every close anyway"),
  is_default: z
    .boolean()
    .default(false)
    .describe("takes what nothing else takes, and what other channels failed to deliver"),
  carries_links: z
    .boolean()
    .optional()
    .describe(
      "of e-mail: also carries links by which people set a new password. Needs the scope admin; at most one does, and left out it is the first that an admin makes",
    ),
};

const written = <K extends ChannelKind>(kind: K) =>
  z.strictObject({
    kind: z.literal(kind),
    ...common,
    ...SETTINGS[kind].shape,
    ...SECRETS[kind].shape,
  });

export const NewChannel = z
  .discriminatedUnion("kind", [
    written("email"),
    written("slack"),
    written("pagerduty"),
    written("teams"),
    written("discord"),
    written("webhook"),
    written("alertmanager"),
  ])
  .meta({ id: "NewChannel" });
export type NewChannel = z.infer<typeof NewChannel>;

/** Whatever a kind has; which of it belongs to a channel's kind is seen when it is changed. */
export const ChannelPatch = z
  .looseObject({
    name: name.optional(),
    sends_closes: z.boolean().optional(),
    is_default: z.boolean().optional(),
    carries_links: z.boolean().optional(),
    state: z.literal("ok").optional().describe("a disabled one is used again"),
  })
  .describe("any of the fields that a channel of its kind is made with; what is left out stays")
  .meta({ id: "ChannelPatch" });
export type ChannelPatch = z.infer<typeof ChannelPatch>;

/**
 * `failing`: what was sent last could not be delivered; it is tried with the next message.
 * `disabled`: its receiver said that it is gone (410); nothing is sent until a person enables it.
 */
export const ChannelState = z.enum(["ok", "failing", "disabled"]);
export type ChannelState = z.infer<typeof ChannelState>;

const time = z.string().nullable();
const item = <K extends ChannelKind>(kind: K) =>
  z.object({
    kind: z.literal(kind),
    id: z.string(),
    name: z.string(),
    settings: SETTINGS[kind],
    secrets: z
      .array(z.object({ name: z.string(), hint: z.string(), added_at: z.string() }))
      .describe("the last characters of each"),
    sends_closes: z.boolean(),
    is_default: z.boolean(),
    carries_links: z
      .boolean()
      .describe("its server carries links that let people in: only an admin changes or removes it"),
    state: ChannelState,
    state_reason: z.string().nullable(),
    failures: z.int().describe("attempts in a row that failed"),
    waiting: z.int().describe("messages that are not delivered yet"),
    last_sent_at: time,
    created_at: z.string(),
    updated_at: z.string(),
  });

export const ChannelItem = z
  .discriminatedUnion("kind", [
    item("email"),
    item("slack"),
    item("pagerduty"),
    item("teams"),
    item("discord"),
    item("webhook"),
    item("alertmanager"),
  ])
  .meta({ id: "Channel" });
export type ChannelItem = z.infer<typeof ChannelItem>;

export const ChannelsPage = z.object({ data: z.array(ChannelItem), next_cursor: z.null() });
export type ChannelsPage = z.infer<typeof ChannelsPage>;

export const ChannelParams = z.object({ id: z.string().max(100) });

export const ChannelTest = z
  .strictObject({ status: z.enum(["opened", "closed"]).default("opened") })
  .meta({ id: "ChannelTest" });
export type ChannelTest = z.infer<typeof ChannelTest>;

export const ChannelTestAnswer = z
  .object({
    ok: z.boolean(),
    reason: NoticeReason,
    delivery_id: z.string(),
    status: z.int().nullable().describe("of HTTP or SMTP; null when no answer came"),
    body: z.string().describe("what was answered, its first 2 kB"),
    ms: z.int(),
    error: z.string().nullable().describe("why it does not count as delivered"),
  })
  .meta({ id: "ChannelTestAnswer" });
export type ChannelTestAnswer = z.infer<typeof ChannelTestAnswer>;
