const ESC = "\u001b";

/**
 * Text that does harm where it is taken for more than text. Each calls `owned` where it gets to run,
 * or makes an element of the class `owned`; each names the field that it was put into by a mark.
 */
const PAYLOADS = {
  markup: (mark) =>
    `${mark}"><img class=owned src=x onerror=owned()><svg class=owned onload=owned()>`,
  script: (mark) => `${mark}</title></style></textarea></script><script>owned()</script>`,
  frame: (mark) =>
    `${mark}'><iframe class=owned srcdoc="<script>parent.owned()</script>"></iframe>`,
  address: (mark) => `javascript:owned("${mark}")`,
  page: (mark) => `data:text/html,${mark}<script>owned()</script>`,
  markdown: (mark) =>
    `${mark}[x](javascript:owned()) ![](https://tracker.example/p.png) <javascript:owned()>`,
  entities: (mark) => `${mark}&lt;script&gt;owned()&lt;/script&gt; \\u003cscript\\u003eowned()`,
  template: (mark) =>
    `${mark}{{constructor.constructor('owned()')()}} \${owned()} <%= owned() %> $&`,
  attribute: (mark) => `${mark} style=position:fixed;inset:0 class=owned onmouseover=owned() x=`,
  terminal: (mark) =>
    `${mark}${ESC}[31mred${ESC}[2J ${ESC}]8;;javascript:owned()${ESC}\\link\u0007`,
  turned: (mark) => `${mark}\u202egpj.exe\u2067`,
  invisible: (mark) => `${mark}zero\u200bwidth\u2060\u00ad\u200f.`,
  stacked: (mark) => `${mark}e${"\u0301".repeat(60)}`,
  long: (mark) => `${mark}${"W".repeat(60)}`,
} satisfies Record<string, (mark: string) => string>;

export type Kind = keyof typeof PAYLOADS;
export const KINDS = Object.keys(PAYLOADS) as Kind[];

export type Planted = { field: string; kind: Kind; mark: string; text: string };
const fields: string[] = [];
const planted = new Map<string, Planted>();

/** What field number `at` of that name is to say; the same as often as it is asked. */
export function said(field: string, at: number, most = 200): string {
  if (!fields.includes(field)) fields.push(field);
  const kind = KINDS[at % KINDS.length] ?? "markup";
  const mark = `q${fields.indexOf(field)}x${KINDS.indexOf(kind)}q`;
  const text = PAYLOADS[kind](mark).slice(0, most);
  planted.set(mark, { field, kind, mark, text });
  return text;
}

/** The same for ids and types, in which no control character is taken. */
export const named = (field: string, at: number): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are meant
  said(field, at).replace(/[\u0000-\u001f]/g, "");

export const allPlanted = (): Planted[] => [...planted.values()];

/** All of it at once, a word without end and a letter under a tower of accents: for texts of any length. */
export const everything = (field: string): string =>
  [
    ...KINDS.map((_, at) => said(field, at)),
    "x".repeat(5_000),
    `e${"\u0301".repeat(1_000)}`,
    "\ufdfd".repeat(20),
  ].join("\n\n");
