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
