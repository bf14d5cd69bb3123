import { cardLength, isIban, isPhone, longest, type ValidLength } from "./checks";

/** Hints of one kind are looked for together, those of several apart: so a text is skipped over fastest. */
export const HINT_KINDS = ["beginning", "word", "sign"] as const;
export type HintKind = (typeof HINT_KINDS)[number];

export type Builtin = {
  name: string;
  title: string;
  group: "credentials" | "personal";
  /** No capturing groups; every repetition that can fail late is bounded, so that the whole stays linear. */
  source: string;
  /** What every match holds, or what stands before it, as it also stands in JSON: looked for before anything else is. */
  hint?: Partial<Record<HintKind, string>>;
  validLength?: ValidLength;
};

/** A word begins: also behind an escape, in JSON that could not be read, and a colour, however written. */
const START = String.raw`(?<=^|[^A-Za-z0-9]|\\[nrtbf]|\[[0-9;]{0,12}m)`;
/** The same for what is made of the letters of base64url: one beginning a run, not one a letter. */
const RUN = String.raw`(?<=^|[^A-Za-z0-9_-]|\\[nrtbf]|\[[0-9;]{0,12}m)`;
const DIGIT = String.raw`(?=[A-Za-z_-]{0,60}\d)`;

/** A word however it is written. */
const anyCase = (word: string) =>
  word.replace(/[a-z]/g, (letter) => `[${letter.toUpperCase()}${letter}]`);
/** Between a name and its value, in code, headers, JSON, also within JSON, and XML. */
const IS = String.raw`\\{0,16}["']?\s{0,4}[=:>,\s]\s{0,4}\\{0,16}["']?`;
/** The last of that, which is fast to see is not there. */
const BEHIND = String.raw`(?<=[=:>,\s\\"'])`;
/** What code says in the place of a value. */
const NO_CODE = String.raw`(?!(?:process|import|os|env|config|settings|self|this)\.)`;

export const BUILTIN = [
  {
    name: "anthropic_key",
    title: "Anthropic API keys",
    group: "credentials",
    source: "sk-ant-[A-Za-z0-9_-]{16,}",
    hint: { beginning: "sk-ant-" },
  },
  {
    name: "openai_key",
    title: "OpenAI API keys",
    group: "credentials",
    source: `${START}sk-(?:proj-|svcacct-|admin-)?${DIGIT}[A-Za-z0-9_-]{20,}`,
    hint: { beginning: "sk-[A-Za-z0-9_-]{20}" },
  },
  {
    name: "aws_key",
    title: "AWS access keys",
    group: "credentials",
    source: `${START}(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])|${BEHIND}(?<=${anyCase("secret_?access_?key")}${IS})[A-Za-z0-9/+]{40}`,
    hint: { sign: "AKIA|ASIA", word: "[Ss]ecret_?[Aa]ccess|SECRET_?ACCESS" },
  },
  {
    name: "gcp_key",
    title: "Google Cloud keys and tokens",
    group: "credentials",
    source: String.raw`AIza[A-Za-z0-9_-]{35}|${START}ya29\.[A-Za-z0-9_-]{20,}`,
    hint: { sign: "AIza", beginning: String.raw`ya29\.` },
  },
  {
    name: "github_token",
    title: "GitHub tokens",
    group: "credentials",
    source: "gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,}",
    hint: { beginning: "gh[pousr]_|github_pat_" },
  },
  {
    name: "slack_token",
    title: "Slack tokens and webhooks",
    group: "credentials",
    source: String.raw`xox[abeoprs]-[A-Za-z0-9-]{10,}|${START}xapp-[A-Za-z0-9-]{10,}|(?<=hooks\.slack\.com/services/)[A-Za-z0-9/]{20,}`,
    hint: { beginning: String.raw`xox[abeoprs]-|xapp-|hooks\.slack` },
  },
  {
    name: "stripe_key",
    title: "Stripe keys and signing secrets",
    group: "credentials",
    source: `${START}[rs]k_(?:live|test)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9+/]{24,}={0,2}`,
    hint: { beginning: "k_live_|k_test_|whsec_" },
  },
  {
    name: "private_key",
    title: "Private key blocks",
    group: "credentials",
    source: String.raw`-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)`,
    hint: { sign: "-----BEGIN " },
  },
  {
    name: "jwt",
    title: "JSON web tokens",
    group: "credentials",
    source: String.raw`${RUN}eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]{8,}`,
    hint: { sign: String.raw`\.eyJ` },
  },
  {
    name: "bearer_token",
    title: "Bearer tokens",
    group: "credentials",
    source: String.raw`${BEHIND}(?<=${anyCase("bearer")}\s{1,4})(?=[A-Za-z._~+/-]{0,60}\d)[A-Za-z0-9._~+/-]{16,}={0,2}`,
    hint: { word: String.raw`[Bb]earer[\s\\]|BEARER[\s\\]` },
  },
  {
    name: "basic_credentials",
    title: "Basic authentication",
    group: "credentials",
    source: String.raw`${BEHIND}(?<=${anyCase("authorization")}${IS}${anyCase("basic")}\s{1,4})(?=\w[a-z]{0,60}[A-Z0-9+/=])[A-Za-z0-9+/_-]{6,}={0,2}|${BEHIND}(?<=${anyCase("basic")}\s{1,4})(?=[A-Za-z+/]{0,60}\d)[A-Za-z0-9+/]{16,}={0,2}`,
    hint: {
      word: String.raw`[Bb](?:asic|ASIC)[\s\\]{1,8}(?=\w[a-z]{0,60}[A-Z0-9+/=])[A-Za-z0-9+/_-]{6}`,
    },
  },
  {
    name: "named_key",
    title: "API keys by their name",
    group: "credentials",
    source: String.raw`${BEHIND}(?<=${anyCase("x-api-key")}${IS})${NO_CODE}(?=[A-Za-z._~+/=-]{0,60}\d)[A-Za-z0-9._~+/=-]{8,}|${BEHIND}(?<=${anyCase("api[_-]?key")}${IS})${NO_CODE}(?=[A-Za-z._~+/=-]{0,60}\d)[A-Za-z0-9._~+/=-]{16,}`,
    hint: {
      word: String.raw`(?:[Aa]pi[_-]?[Kk]ey|API[_-]?KEY)(?:[^A-Za-z0-9]|\\[nrt]){1,60}[A-Za-z._~+/=-]{0,60}\d`,
    },
  },
  {
    name: "url_password",
    title: "Passwords in URLs",
    group: "credentials",
    source: String.raw`(?<=://)[^\s/"'@:\\]{0,100}:[^\s/"'@\\]{1,200}(?=@)`,
    hint: { sign: String.raw`://[^\s/"'@:\\]{0,100}:[^\s/"'@\\]{1,200}@` },
  },
  {
    name: "watchkeeper_key",
    title: "Watchkeeper API keys",
    group: "credentials",
    source: `${START}wk_[A-Za-z0-9_-]{20,}`,
    hint: { beginning: "wk_" },
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
    validLength: longest(isPhone),
  },
  {
    name: "credit_card",
    title: "Credit cards (Luhn digit checked)",
    group: "personal",
    source: String.raw`(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)`,
    validLength: cardLength,
  },
  {
    name: "iban",
    title: "IBANs (check digits checked)",
    group: "personal",
    source: String.raw`${START}[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?(?![A-Za-z0-9])`,
    validLength: longest(isIban),
  },
  {
    name: "us_ssn",
    title: "US social security numbers",
    group: "personal",
    source: String.raw`(?<![\d-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\d-])`,
  },
] as const satisfies readonly Builtin[];

export const isOnByDefault = ({ group }: Pick<Builtin, "group">) => group === "credentials";
