// Terminals colour what they show, and URLs, JSON and shells write characters by their numbers. In either a
// secret looks another than it is: split by a colour, or behind a letter that is none of the text's.

const ESC = String.raw`(?:\u001b|\\{1,8}(?:u001[bB]|x1[bB]|033|e))`;
/** What a terminal does not show: colours and the like, the addresses of links. */
const UNSHOWN = String.raw`(?:(?:${ESC}\[|\u009b)[0-?]{0,40}[ -/]{0,4}[@-~]|${ESC}\([0-9A-B]|${ESC}\][^\u0007\u001b\\]{0,2000}(?:\u0007|${ESC}\\{0,8}))+`;
const HEX = "[0-9a-fA-F]";
const ENCODED = String.raw`%(?:25){0,4}(${HEX}{2})|\\{1,8}(?:u00(${HEX}{2})|x(${HEX}{2})|\/)`;
const ESCAPES = new RegExp(`(${UNSHOWN})|${ENCODED}`, "g");
const SIGNS = ["%", "\u001b", "\\u00", "\u009b"];
const ANY_ESCAPE = new RegExp(ESCAPES.source);

/** What rules want no letter before: a colour in front of it is as good as a space. */
const BEGINS = /sk-|AKIA|ASIA|ya29\.|xapp-|[rs]k_(?:live|test)_|eyJ|wk_|\+\d/y;
const RUN = /[A-Za-z0-9_-]/;

/** Signs that are found fast come first: texts are full of `\\n`. */
export const isEscaped = (text: string): boolean =>
  SIGNS.some((sign) => text.includes(sign)) && ANY_ESCAPE.test(text);

/** A text as it would be read, with where each part of it stood. Parts are as they came, or what one escape says. */
export type Plain = { text: string; parts: readonly Part[] };
type Part = { at: number; from: number; to: number; isLiteral: boolean };

export function plainOf(text: string): Plain {
  const parts: Part[] = [];
  let out = "";
  let before = "";
  let from = 0;
  const put = (said: string, to: number, isLiteral: boolean) => {
    if (said !== "") parts.push({ at: out.length, from, to, isLiteral });
    out += said;
    before = said.at(-1) ?? before;
    from = to;
  };
  for (const found of text.matchAll(ESCAPES)) {
    put(text.slice(from, found.index), found.index, true);
    const to = found.index + found[0].length;
    put(saidBy(found, { before, text, to }), to, false);
  }
  put(text.slice(from), text.length, true);
  return { text: out, parts };
}

type Place = { before: string; text: string; to: number };

function saidBy([, unshown, byte, ...codes]: RegExpExecArray, { before, text, to }: Place): string {
  if (unshown !== undefined) {
    BEGINS.lastIndex = to;
    return RUN.test(before) && BEGINS.test(text) ? "\n" : "";
  }
  const code = byte ?? codes.find((digits) => digits !== undefined);
  if (code === undefined) return "/";
  const said = Number.parseInt(code, 16);
  // Of a letter that takes several bytes, each by itself says nothing.
  return byte !== undefined && said >= 0x80 ? "\ufffd" : String.fromCharCode(said);
}

/** Where in the text as it came something stands that was found in the plain one. */
export function placeOf({ parts }: Plain, from: number, to: number): { from: number; to: number } {
  const [first, last] = [partAt(parts, from), partAt(parts, to - 1)];
  return {
    from: first.isLiteral ? first.from + from - first.at : first.from,
    to: last.isLiteral ? last.from + to - last.at : last.to,
  };
}

const NOWHERE: Part = { at: 0, from: 0, to: 0, isLiteral: true };

/** The last part that begins there or before. */
function partAt(parts: readonly Part[], place: number): Part {
  let [low, high] = [0, parts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((parts[middle]?.at ?? 0) <= place) low = middle;
    else high = middle - 1;
  }
  return parts[low] ?? NOWHERE;
}
