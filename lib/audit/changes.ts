import { isDeepStrictEqual } from "node:util";

export type Fields = Record<string, unknown>;
export type Changes = { before: Fields | null; after: Fields | null };

/** What stands in the place of a secret: that there is one, and by its being named, that it was changed. */
export const SECRET = "(secret)";

const MAX_CHARS = 16_384;
const MAX_TEXT = 1_000;

const SECRET_NAME = /(^|_)(secrets?|password|token|api_?key|admin_?key|authorization|cookie)$/i;
const SECRET_TEXT =
  /\b(sk-ant-[\w-]{8,}|wk_[\w-]{16,}|whsec_[\w+/=-]{8,}|xox[a-z]-[\w-]{8,}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*)/g;
/** Name and password before a host, and what a query may carry to be let in. */
const URL_SECRETS = /(?<=:\/\/)[^\s/@]+@|(?<=[?&](?:key|token|sig|signature|secret)=)[^&\s]+/gi;

/**
 * What a change changed: of two states only the members that differ, at any depth; of one alone all of it.
 * Secrets are replaced, long texts clipped, and what is very large only named.
 */
export function changesOf(before: object | null, after: object | null): Changes {
  const [old, now] =
    before && after ? differing(plain(before), plain(after)) : [plain(before), plain(after)];
  return { before: told(old), after: told(now) };
}

/** As JSON has it: dates are texts, and what is undefined is not there. */
const plain = (value: object | null): Fields | null =>
  value && (JSON.parse(JSON.stringify(value)) as Fields);

function differing(before: Fields | null, after: Fields | null): [Fields, Fields] {
  const old: Fields = {};
  const now: Fields = {};
  for (const name of new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])) {
    const [was, is] = [before?.[name], after?.[name]];
    if (isDeepStrictEqual(was, is)) continue;
    const [one, other] = isFields(was) && isFields(is) ? differing(was, is) : [was, is];
    put(old, name, one);
    put(now, name, other);
  }
  return [old, now];
}

function told(fields: Fields | null): Fields | null {
  if (fields === null) return null;
  const safe = withoutSecrets(fields) as Fields;
  const chars = JSON.stringify(safe).length;
  if (chars <= MAX_CHARS) return safe;
  return { left_out: Object.keys(safe).slice(0, 100), chars };
}

function withoutSecrets(value: unknown, name = ""): unknown {
  const isEmpty = value === null || value === undefined || typeof value === "boolean";
  if (!isEmpty && SECRET_NAME.test(name)) return SECRET;
  if (typeof value === "string") return withoutSecretText(value);
  if (Array.isArray(value)) return value.map((one) => withoutSecrets(one));
  if (!isFields(value)) return value;
  const copy: Fields = {};
  for (const [key, one] of Object.entries(value)) put(copy, key, withoutSecrets(one, key));
  return copy;
}

/** Also for what people wrote: a name or a reason may hold a key pasted by mistake. */
export function withoutSecretText(text: string): string {
  const safe = text.replace(SECRET_TEXT, SECRET).replace(URL_SECRETS, SECRET);
  return safe.length > MAX_TEXT ? `${safe.slice(0, MAX_TEXT)}…` : safe;
}

/** A plain assignment to "__proto__" would change the object instead of giving it a member. */
function put(target: Fields, name: string, value: unknown): void {
  if (value === undefined) return;
  Object.defineProperty(target, name, {
    ...{ value, enumerable: true, configurable: true, writable: true },
  });
}

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
