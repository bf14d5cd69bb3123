// Made up, or published as examples by those whose keys look like this; put together here, so that
// nobody who looks for leaked keys finds any.
const letters = "abcdefghijklmnopqrstuvwxyz0123456789ABCD";

/** One secret for each built-in rule that masks a whole word, by the rule's name. */
export const SECRETS: readonly [rule: string, secret: string][] = [
  ["anthropic_key", `sk-ant-api03-${letters}`],
  ["openai_key", `sk-proj-${letters}`],
  ["aws_key", "AKIAIOSFODNN7EXAMPLE"],
  ["gcp_key", `AIza${letters.slice(0, 35)}`],
  ["github_token", `ghp_${letters.slice(0, 36)}`],
  ["slack_token", `xoxb-${"123456789012"}-${letters.slice(0, 24)}`],
  ["stripe_key", `sk_live_${letters.slice(0, 24)}`],
  [
    "private_key",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA\n-----END RSA PRIVATE KEY-----",
  ],
  ["jwt", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N"],
  ["watchkeeper_key", `wk_${letters}`],
  ["email", "ada.lovelace@example.com"],
  ["phone", "+44 20 7946 0958"],
  ["credit_card", "4111 1111 1111 1111"],
  ["iban", "DE89370400440532013000"],
  ["us_ssn", "123-45-6789"],
];

const of = (rule: string) => SECRETS.find(([name]) => name === rule)?.[1] ?? "";
const github = of("github_token");
const jwt = of("jwt");
const aws = of("aws_key");
const hex = "8d1f2c7ab09e4f55";
const basic = "b3BzOmh1bnRlcjItaHVudGVyMg==";
const awsSecret = letters.slice(0, 40);
const COLOURED = ["github_token", "aws_key", "openai_key", "stripe_key", "slack_token", "jwt"];

type Disguised = [rule: string, text: string, secret: string];

/** Secrets that look otherwise than they are, each with what of it must not be left. */
export const DISGUISED: readonly Disguised[] = [
  // Terminals colour what they show.
  ...[...COLOURED, "watchkeeper_key"].map(
    (rule): Disguised => [rule, `key\u001b[1;32m${of(rule)}\u001b[0m`, of(rule)],
  ),
  ["github_token", `a\u001b[01;31m\u001b[Kghp_\u001b[m\u001b[K${github.slice(4)}`, github.slice(4)],
  ["aws_key", `id\u001b[31mAKIA\u001b[0m${aws.slice(4)}`, aws.slice(4)],
  ["jwt", `t=${jwt.slice(0, 30)}\u001b[7m${jwt.slice(30)}`, jwt.slice(30)],
  ["aws_key", `echo \\033[1;31m${aws}`, aws],
  ["aws_key", `{"out":"id\\u001b[31m${aws}`, aws],
  // URLs and JSON write characters by their numbers.
  ["github_token", `?token%3D${github}`, github],
  ["jwt", `?token%3D${jwt}`, jwt],
  ["github_token", `?token\\u003d${github}`, github],
  ["jwt", `?token\\\\u003d${jwt}`, jwt],
  ["watchkeeper_key", `next%253D${of("watchkeeper_key")}`, of("watchkeeper_key")],
  ["url_password", "postgres%3A%2F%2Fapp%3Ahunter2hunter2%40db", "hunter2hunter2"],
  // What stands before a secret says what it is.
  ["bearer_token", `Bearer%20${hex}`, hex],
  ["bearer_token", `Bearer\u00a0${hex}`, hex],
  ["basic_credentials", `Authorization: Basic ${basic}`, basic],
  ["basic_credentials", `{\\"authorization\\":\\"Basic ${basic}`, basic],
  ["basic_credentials", `curl --basic ${basic}`, basic],
  ["named_key", `x-api-key: ${hex.slice(0, 8)}`, hex.slice(0, 8)],
  ["named_key", `headers.set('X-Api-Key', '${hex}')`, hex],
  ["named_key", `{\\\\"apiKey\\\\": \\\\"${hex}`, hex],
  ["named_key", `API_KEY=${hex}`, hex],
  ["aws_key", `<SecretAccessKey>${awsSecret}</SecretAccessKey>`, awsSecret],
  ["aws_key", `{"SecretAccessKey": "${awsSecret}"}`, awsSecret],
];

export const AT = "2026-11-20T10:00:00Z";

/** A session with a secret wherever a text may be. */
export function eventsWith(secret: string) {
  const text = [{ type: "text", text: `before ${secret} after` }];
  const at = { processed_at: AT };
  return [
    { ...at, id: "1", type: "session.status_running" },
    { ...at, id: "2", type: "user.message", content: text },
    {
      ...at,
      id: "3",
      type: "agent.tool_use",
      name: "bash",
      input: { command: `x ${secret}`, [secret]: [secret] },
    },
    { ...at, id: "4", type: "agent.tool_result", tool_use_id: "3", is_error: true, content: text },
    {
      ...at,
      id: "5",
      type: "session.error",
      error: { type: "unknown_error", message: `no ${secret}` },
    },
    {
      ...at,
      id: "6",
      type: "session.updated",
      title: `about ${secret}`,
      metadata: { note: secret },
    },
    { ...at, id: "7", type: "x.never_seen", anything: { deep: [{ er: secret }] } },
    { ...at, id: "8", type: "span.outcome_evaluation_end", result: "failed", explanation: secret },
    {
      ...at,
      id: "9",
      type: "session.status_idle",
      stop_reason: { type: "refusal" },
      stop_details: { explanation: secret },
    },
  ];
}

export const objectWith = (id: string, secret: string) => ({
  ...{ id, type: "session", created_at: AT, updated_at: AT, title: `about ${secret}` },
  metadata: { note: secret },
  agent: {
    id: "agent_1",
    version: 1,
    name: `n ${secret}`,
    system: secret,
    model: { id: "claude-opus-5" },
  },
});
