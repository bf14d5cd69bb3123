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
