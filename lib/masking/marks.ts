/** What stands for what went. Both are left alone when they come again. */
export const maskOf = (rule: string) => `[masked:${rule}]`;
export const sizeMark = (bytes: number, name = "") => `[not kept: ${bytes} bytes${name}]`;

const MARK = String.raw`\[masked:[a-z][a-z0-9_]{0,39}\]|\[not kept: \d{1,15} bytes(?:, [0-9a-f]{8})?\]`;
const WHOLE = new RegExp(`^(?:${MARK})$`);
const SPLIT = new RegExp(`(${MARK})`);

export const isMark = (value: unknown) => typeof value === "string" && WHOLE.test(value);

/** Texts between marks at even places, the marks at odd ones. */
export const partsOf = (text: string): string[] =>
  text.includes("[masked:") || text.includes("[not kept: ") ? text.split(SPLIT) : [text];

/** A text without the marks of what is not kept, for search. */
export const spoken = (text: string): string =>
  text.includes("[not kept: ") ? text.replace(/\[not kept: \d{1,15} bytes\]/g, "") : text;
