/** What stands for what went. All are left alone when they come again. */
export const maskOf = (rule: string) => `[masked:${rule}]`;
export const sizeMark = (bytes: number, name = "") => `[not kept: ${bytes} bytes${name}]`;

/** Stands for a result as long as nobody knows which tool it is of, and a rule may be about that tool. */
export const WITHHELD = "[withheld: its call is not known]";

const MARK = String.raw`\[masked:[a-z][a-z0-9_]{0,39}\]|\[not kept: \d{1,15} bytes(?:, [0-9a-f]{8})?\]|\[withheld: its call is not known\]`;
const WHOLE = new RegExp(`^(?:${MARK})$`);
const SPLIT = new RegExp(`(${MARK})`);

export const isMark = (value: unknown) => typeof value === "string" && WHOLE.test(value);

/** A mark that says what became of it: what is withheld may still be hidden by a rule. */
export const isFinal = (value: unknown) => isMark(value) && value !== WITHHELD;

/** Texts between marks at even places, the marks at odd ones. */
export const partsOf = (text: string): string[] =>
  /\[(?:masked:|not kept: |withheld: )/.test(text) ? text.split(SPLIT) : [text];

/** A text without the marks of what is not here, for search. */
export const spoken = (text: string): string =>
  text.includes("[not kept: ") || text.includes(WITHHELD)
    ? text.replace(/\[not kept: \d{1,15} bytes\]/g, "").replaceAll(WITHHELD, "")
    : text;
