/** Long enough to tell errors apart, short enough to be the key of an index. */
const MOST_CHARACTERS = 160;
/** What is looked at of a message; output may be megabytes. */
const MOST_READ = 1_000;
/** Longer than this, JSON is not taken apart. */
const MOST_PARSED = 20_000;

type Rule = [pattern: RegExp, placeholder: string];

/** What differs from one time to the next, from what is surest to what is most general. */
const RULES: readonly Rule[] = [
  [/\b[a-z][a-z0-9+.-]*:\/\/[^\s"'`<>)\]]+/gi, "<url>"],
  // Before all that may stand in a path.
  [/(?<![\w<>/])(?:[A-Za-z]:)?(?:~|\.{1,2})?[\\/][\w.@+\-\\/]*\w[\w.@+\-\\/]*/g, "<path>"],
  [/(?<![\w<>/])(?:[\w@+-]+[\\/])+[\w.@+-]*\.[A-Za-z]\w{0,7}\b/g, "<path>"],
  [/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, "<email>"],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, "<id>"],
  [
    /\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?/g,
    "<time>",
  ],
  [/\b\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\b/g, "<time>"],
  // Quoted, but not the apostrophe of a word.
  [/(?<![\w<])(["'`])(?:(?!\1)[^\n])*\1(?!\w)/g, "<value>"],
  [/(?<!\w)[“‘«][^”’»\n]*[”’»]/g, "<value>"],
  [/\b0x[0-9a-f]+\b/gi, "<hex>"],
  // Ids with the type before them: req_011CZ…, sesn_01Po….
  [/\b[a-z]{2,12}[_-](?=\w*\d)[A-Za-z0-9]{6,}\b/g, "<id>"],
  [/\b(?=\d*[a-f])(?=[a-f]*\d)[0-9a-f]{8,}\b/gi, "<hex>"],
  // Long words of letters and digits are ids, whatever their alphabet.
  [/\b(?=\w*\d)(?=\w*[A-Za-z])\w{20,}\b/g, "<id>"],
];

/** A code says what went wrong, other numbers how much or where. */
const CODE = /\b(?:code|status|errno|http|exit|error)(?:\s+code)?[\s:=#(]{1,3}$/i;
const HTTP_STATUS = /^[45]\d\d$/;
const NUMBER = /(?<![\w<])[+-]?\d+(?:[.,_]\d+)*/g;

/**
 * A message without what differs from one time to the next: ids, numbers, paths, times, addresses and
 * quoted values become words in angle brackets. At most 160 characters of one line.
 */
export function normalMessage(message: string): string {
  let text = tellingLines(spokenIn(message).slice(0, MOST_READ));
  for (const [pattern, placeholder] of RULES) text = text.replace(pattern, placeholder);
  text = text.replace(NUMBER, (number, at: number) =>
    isCode(number, text.slice(Math.max(0, at - 20), at), text.slice(at + number.length))
      ? number
      : "<n>",
  );
  return [...text].slice(0, MOST_CHARACTERS).join("").trim();
}

const isCode = (number: string, before: string, after: string) =>
  (HTTP_STATUS.test(number) && /^ [A-Z]/.test(after)) ||
  (/^\d{1,3}$/.test(number) && CODE.test(before));

/** What an answer in JSON says is in its `message` or `error`. */
function spokenIn(message: string): string {
  if (!message.trimStart().startsWith("{") || message.length > MOST_PARSED) return message;
  try {
    return messageIn(JSON.parse(message)) ?? message;
  } catch {
    return message;
  }
}

function messageIn(value: unknown): string | null {
  if (typeof value === "string") return value.trim() === "" ? null : value;
  if (typeof value !== "object" || value === null) return null;
  const members = new Map(Object.entries(value));
  for (const name of ["message", "error", "detail", "reason"]) {
    const found = messageIn(members.get(name));
    if (found !== null) return found;
  }
  return null;
}

/** A line that says nothing without the next: "Exit code 1", "Errors:". */
const GOES_ON = /(?::|\b(?:code|status)[\s:]*\d{1,3}\.?)$/i;

/** Of a Python traceback its last line, else the first that is no frame of a stack. */
function tellingLines(message: string): string {
  const lines = message
    .split(/[\r\n]+/)
    .map((line) => line.replace(/[\p{C}\s]+/gu, " ").trim())
    .filter((line) => line !== "");
  if (lines.some((line) => line.startsWith("Traceback (most recent call last)")))
    return lines.at(-1) ?? "";
  const telling = lines.filter((line) => !/^at \S/.test(line));
  const [first = "", second = ""] = telling.length > 0 ? telling : lines;
  return GOES_ON.test(first) ? `${first} ${second}` : first;
}
