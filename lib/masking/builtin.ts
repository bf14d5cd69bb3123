import { isCard, isIban, isPhone } from "./checks";

export type Builtin = {
  name: string;
  title: string;
  group: "credentials" | "personal";
  /** No capturing groups; every repetition that can fail late is bounded, so that the whole stays linear. */
  source: string;
  /** What every match holds, as it also stands in JSON: looked for before anything else is. */
  hint?: string;
  isValid?: (text: string) => boolean;
};

/** A word begins: also behind an escape, in JSON that could not be read. */
const START = String.raw`(?<=^|[^A-Za-z0-9]|\\[nrtbf])`;
/** The same for what is made of the letters of base64url: one beginning a run, not one a letter. */
const RUN = String.raw`(?<=^|[^A-Za-z0-9_-]|\\[nrtbf])`;
const DIGIT = String.raw`(?=[A-Za-z_-]{0,60}\d)`;

export const BUILTIN = [
  {
    name: "anthropic_key",
    title: "Anthropic API keys",
    group: "credentials",
    source: "sk-ant-[A-Za-z0-9_-]{16,}",
    hint: "sk-ant-",
  },
  {
    name: "openai_key",
    title: "OpenAI API keys",
    group: "credentials",
    source: `${START}sk-(?:proj-|svcacct-|admin-)?${DIGIT}[A-Za-z0-9_-]{20,}`,
    hint: "sk-[A-Za-z0-9_-]{20}",
  },
  {
    name: "aws_key",
    title: "AWS access keys",
    group: "credentials",
    source: String.raw`${START}(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])|(?<=[Ss][Ee][Cc][Rr][Ee][Tt]_?[Aa][Cc][Cc][Ee][Ss][Ss]_?[Kk][Ee][Yy]\\?["']?\s{0,4}[=:]\s{0,4}\\?["']?)[A-Za-z0-9/+]{40}`,
    hint: "AKIA|ASIA|[Ss](?:ecret|ECRET)_?[Aa](?:ccess|CCESS)",
  },
  {
    name: "gcp_key",
    title: "Google Cloud keys and tokens",
    group: "credentials",
    source: String.raw`AIza[A-Za-z0-9_-]{35}|${START}ya29\.[A-Za-z0-9_-]{20,}`,
    hint: String.raw`AIza|ya29\.`,
  },
  {
    name: "github_token",
    title: "GitHub tokens",
    group: "credentials",
    source: `${START}gh[pousr]_[A-Za-z0-9]{36,}|${START}github_pat_[A-Za-z0-9_]{22,}`,
    hint: "gh[pousr]_|github_pat_",
  },
  {
    name: "slack_token",
    title: "Slack tokens and webhooks",
    group: "credentials",
    source: String.raw`${START}xox[abeoprs]-[A-Za-z0-9-]{10,}|${START}xapp-[A-Za-z0-9-]{10,}|(?<=hooks\.slack\.com/services/)[A-Za-z0-9/]{20,}`,
    hint: String.raw`xox[abeoprs]-|xapp-|hooks\.slack`,
  },
  {
    name: "stripe_key",
    title: "Stripe keys and signing secrets",
    group: "credentials",
    source: `${START}[rs]k_(?:live|test)_[A-Za-z0-9]{16,}|${START}whsec_[A-Za-z0-9+/]{24,}={0,2}`,
    hint: "k_live_|k_test_|whsec_",
  },
  {
    name: "private_key",
    title: "Private key blocks",
    group: "credentials",
    source: String.raw`-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)`,
    hint: "-----BEGIN ",
  },
  {
    name: "jwt",
    title: "JSON web tokens",
    group: "credentials",
    source: String.raw`${RUN}eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]{8,}`,
    hint: String.raw`\.eyJ`,
  },
  {
    name: "bearer_token",
    title: "Bearer tokens",
    group: "credentials",
    source: String.raw`(?<=[Bb][Ee][Aa][Rr][Ee][Rr]\s{1,4})(?=[A-Za-z._~+/-]{0,60}\d)[A-Za-z0-9._~+/-]{16,}={0,2}`,
    hint: String.raw`[Bb]earer[ \\]|BEARER[ \\]`,
  },
  {
    name: "url_password",
    title: "Passwords in URLs",
    group: "credentials",
    source: String.raw`(?<=://)[^\s/"'@:\\]{0,100}:[^\s/"'@\\]{1,200}(?=@)`,
    hint: String.raw`://[^\s/"'@:\\]{0,100}:[^\s/"'@\\]{1,200}@`,
  },
  {
    name: "watchkeeper_key",
    title: "Watchkeeper API keys",
    group: "credentials",
    source: `${START}wk_[A-Za-z0-9_-]{20,}`,
    hint: "wk_",
  },
  {
    name: "email",
    title: "E-mail addresses",
    group: "personal",
    source: String.raw`[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}`,
  },
  {
    name: "phone",
    title: "Phone numbers",
    group: "personal",
    source: String.raw`(?<=^|[^\w.+-]|\\[nrtbf])\+?\(?\d[\d ().-]{7,18}\d(?![\w-])`,
    isValid: isPhone,
  },
  {
    name: "credit_card",
    title: "Credit cards (Luhn digit checked)",
    group: "personal",
    source: String.raw`(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)`,
    isValid: isCard,
  },
  {
    name: "iban",
    title: "IBANs (check digits checked)",
    group: "personal",
    source: String.raw`${START}[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?(?![A-Za-z0-9])`,
    isValid: isIban,
  },
  {
    name: "us_ssn",
    title: "US social security numbers",
    group: "personal",
    source: String.raw`(?<![\d-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\d-])`,
  },
] as const satisfies readonly Builtin[];

export const isOnByDefault = ({ group }: Pick<Builtin, "group">) => group === "credentials";
