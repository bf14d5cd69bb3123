import { RE2JS } from "re2js";
import { HOLE, type Span } from "./marked";
import { OutOfWork, spend, type Work } from "./work";

/** A pattern reads each character three times, which is in proportion; looking far ahead of each match is not. */
const FREE_READS_PER_CHAR = 4;
const READS_PER_CHAR = 16;
const READS_AT_LEAST = 1_000;
/** Up to so many instructions times characters the engine tracks back, and reads a character for each. */
const TRACKED_BACK = 262_144;
/** The costlier a read, the more instructions may be under way at once. */
const SIZE_OF_A_READ = 64;
/** What only asks whether there is any match is that much faster. */
const TESTED_FOR_A_READ = 4;

/** Where a pattern finds something. Throws `OutOfWork`, since nothing else gets out of the engine. */
export function patternFinder(name: string, pattern: string) {
  const engine = RE2JS.compile(pattern);
  const size = engine.programSize();
  const weight = 1 + Math.floor(size / SIZE_OF_A_READ);
  return (text: string, work: Work): Span[] => {
    spend(work, Math.ceil((text.length * (weight - 1)) / TESTED_FOR_A_READ));
    if (!engine.test(text)) return [];
    const back = Math.min(size * text.length, TRACKED_BACK);
    const most = READS_PER_CHAR * text.length + 2 * back + READS_AT_LEAST;
    const free = FREE_READS_PER_CHAR * text.length;
    const read = new Read(text, Math.min(most, Math.floor((work.left + free) / weight)));
    try {
      return spansOf(engine, name, read);
    } finally {
      work.left -= Math.max(0, (read.most - read.left) * weight - free);
    }
  };
}

/** Each match sees a hole where the one before it was, as it will when the text is masked again. */
function spansOf(engine: RE2JS, rule: string, read: Read): Span[] {
  // Whatever tells that it is a text is taken for one, and asked for one character after the other.
  const matcher = engine.matcher(read as unknown as string);
  const spans: Span[] = [];
  for (let start = 0; start <= read.length && matcher.find(start); ) {
    const [from, to] = [matcher.start(), matcher.end()];
    start = Math.max(to, from + 1);
    if (from === to) continue;
    spans.push({ from, to, rule });
    read.hole = to - 1;
  }
  return spans;
}

const HOLE_CODE = HOLE.charCodeAt(0);
/** Characters that are looked for, not read, are that much cheaper. */
const SOUGHT_FOR_A_READ = 16;

/** A text that counts how often it is read. */
class Read extends String {
  readonly #text: string;
  readonly most: number;
  left: number;
  hole = -1;

  constructor(text: string, most: number) {
    super(text);
    this.#text = text;
    this.most = most;
    this.left = most;
  }

  override charCodeAt(at: number): number {
    if (--this.left < 0) throw new OutOfWork();
    return at === this.hole ? HOLE_CODE : this.#text.charCodeAt(at);
  }

  override indexOf(sought: string, from = 0): number {
    const at = this.#text.indexOf(sought, from);
    this.left -= Math.ceil(((at < 0 ? this.#text.length : at) - from) / SOUGHT_FOR_A_READ);
    if (this.left < 0) throw new OutOfWork();
    return at;
  }
}

/** Of instructions: a name of fifty letters has fifty, `[a-z]{1000}` a thousand. */
const LARGEST = 5_000;

/** What is wrong with a pattern; null for one that can be used. */
export function patternFault(pattern: string): string | null {
  try {
    const engine = RE2JS.compile(pattern);
    if (engine.programSize() > LARGEST) return "it repeats too much too often to be looked for";
    return engine.matches("") ? "it also fits an empty text; say + where it says *" : null;
  } catch (error) {
    return (error as Error).message;
  }
}
