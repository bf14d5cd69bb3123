/** A regular expression as alerts' matchers use it: found over the whole text, in time linear to it. */
export type Pattern = { test: (text: string) => boolean };
export type Compiled = { ok: true; pattern: Pattern } | { ok: false; problem: string };

type Node =
  | { kind: "one"; fits: (character: string) => boolean }
  | { kind: "edge"; at: "start" | "end" }
  | { kind: "all"; parts: Node[] }
  | { kind: "any"; parts: Node[] }
  | { kind: "many"; part: Node; least: number; most: number };

/** What a step does: take a character, go on in one of two ways, look whether it is at an edge, or end. */
type Step =
  | { kind: "one"; fits: (character: string) => boolean }
  | { kind: "edge"; at: "start" | "end" }
  | { kind: "fork"; to: number[] }
  | { kind: "done" };

const MOST_STEPS = 2_000;
const MOST_REPEATS = 100;
const MOST_DEPTH = 20;

class Problem extends Error {}

/**
 * Compiles what RE2 and JavaScript have in common: no look-around and no back-references, which
 * would make its time depend on more than the text's length.
 */
export function compilePattern(source: string): Compiled {
  try {
    const steps = programOf(new Reader(source).read());
    return { ok: true, pattern: { test: (text) => run(steps, [...text]) } };
  } catch (error) {
    if (error instanceof Problem) return { ok: false, problem: error.message };
    throw error;
  }
}

class Reader {
  #at = 0;
  #depth = 0;
  readonly #characters: string[];

  constructor(source: string) {
    this.#characters = [...source];
  }

  read(): Node {
    const node = this.#choice();
    if (this.#next !== undefined) throw new Problem("a ) closes nothing");
    return node;
  }

  get #next(): string | undefined {
    return this.#characters[this.#at];
  }

  #choice(): Node {
    const parts = [this.#sequence()];
    while (this.#next === "|") {
      this.#at++;
      parts.push(this.#sequence());
    }
    return parts.length === 1 && parts[0] ? parts[0] : { kind: "any", parts };
  }

  #sequence(): Node {
    const parts: Node[] = [];
    while (this.#next !== undefined && this.#next !== "|" && this.#next !== ")")
      parts.push(this.#repeated(this.#atom()));
    return { kind: "all", parts };
  }

  #repeated(part: Node): Node {
    const found = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/.exec(this.#rest());
    if (!found) return part;
    this.#at += found[0].length;
    if (/^(?:[*+?]|\{\d)/.test(this.#rest()))
      throw new Problem("two repetitions follow each other");
    if (part.kind === "edge") throw new Problem("an edge cannot be repeated");
    const sign = found[0][0];
    if (sign === "*") return { kind: "many", part, least: 0, most: Number.POSITIVE_INFINITY };
    if (sign === "+") return { kind: "many", part, least: 1, most: Number.POSITIVE_INFINITY };
    if (sign === "?") return { kind: "many", part, least: 0, most: 1 };
    const least = Number(found[1]);
    const open = found[2] === "," && found[3] === "";
    const most = open ? Number.POSITIVE_INFINITY : Number(found[3] || found[1]);
    if (least > MOST_REPEATS || (most > MOST_REPEATS && !open))
      throw new Problem(`at most ${MOST_REPEATS} repetitions can be counted`);
    if (most < least) throw new Problem("a repetition ends before it begins");
    return { kind: "many", part, least, most };
  }

  #rest(): string {
    return this.#characters.slice(this.#at, this.#at + 12).join("");
  }

  #atom(): Node {
    const character = this.#next ?? "";
    if (character === "(") return this.#group();
    if (character === "[") return this.#class();
    if (character === "\\") return this.#escape();
    this.#at++;
    if (character === "^") return { kind: "edge", at: "start" };
    if (character === "$") return { kind: "edge", at: "end" };
    if (character === ".") return { kind: "one", fits: () => true };
    if ("*+?".includes(character)) throw new Problem(`${character} repeats nothing`);
    return { kind: "one", fits: (other) => other === character };
  }

  #group(): Node {
    this.#at++;
    if (this.#next === "?") {
      if (this.#characters[this.#at + 1] !== ":")
        throw new Problem("of groups with (? only (?: is understood");
      this.#at += 2;
    }
    if (++this.#depth > MOST_DEPTH) throw new Problem(`groups lie deeper than ${MOST_DEPTH}`);
    const node = this.#choice();
    if (this.#next !== ")") throw new Problem("a ( is not closed");
    this.#at++;
    this.#depth--;
    return node;
  }

  #class(): Node {
    const begin = this.#at++;
    if (this.#next === "^") this.#at++;
    while (this.#next !== undefined && this.#next !== "]") this.#at += this.#next === "\\" ? 2 : 1;
    if (this.#next === undefined) throw new Problem("a [ is not closed");
    this.#at++;
    const text = this.#characters.slice(begin, this.#at).join("");
    if (text === "[]" || text === "[^]") throw new Problem(`${text} is empty`);
    return oneOf(text);
  }

  #escape(): Node {
    const character = this.#characters[this.#at + 1];
    if (character === undefined) throw new Problem("it ends with a \\");
    this.#at += 2;
    if (/[a-zA-Z0-9]/.test(character) && !/[dDwWsStnr]/.test(character))
      throw new Problem(`\\${character} is not understood`);
    return /[a-zA-Z0-9]/.test(character)
      ? oneOf(`\\${character}`)
      : { kind: "one", fits: (other) => other === character };
  }
}

/** One character of a class, which JavaScript reads by itself. */
function oneOf(text: string): Node {
  try {
    const expression = new RegExp(`^${text}$`, "su");
    return { kind: "one", fits: (character) => expression.test(character) };
  } catch {
    throw new Problem(`${text} is not a class of characters`);
  }
}

function programOf(node: Node): Step[] {
  const steps: Step[] = [];
  const add = (step: Step): number => {
    if (steps.length >= MOST_STEPS) throw new Problem("it is too large");
    return steps.push(step) - 1;
  };
  const fork = (...to: number[]) => add({ kind: "fork", to });
  const target = (at: number, to: number) => {
    const step = steps[at];
    if (step?.kind === "fork") step.to.push(to);
  };
  const write = (part: Node): void => {
    if (part.kind === "one" || part.kind === "edge") add(part);
    else if (part.kind === "all") part.parts.forEach(write);
    else if (part.kind === "any") {
      const begin = fork();
      const ends = part.parts.map((each) => {
        target(begin, steps.length);
        write(each);
        return fork();
      });
      for (const end of ends) target(end, steps.length);
    } else writeMany(part);
  };
  const writeMany = ({ part, least, most }: Extract<Node, { kind: "many" }>): void => {
    for (let count = 0; count < least; count++) write(part);
    const begins: number[] = [];
    if (most === Number.POSITIVE_INFINITY) {
      const begin = fork(steps.length + 1);
      write(part);
      fork(begin);
      begins.push(begin);
    } else
      for (let count = least; count < most; count++) {
        begins.push(fork(steps.length + 1));
        write(part);
      }
    for (const begin of begins) target(begin, steps.length);
  };
  write(node);
  add({ kind: "done" });
  return steps;
}

function run(steps: Step[], characters: string[]): boolean {
  let current = reach(steps, [0], { atStart: true, atEnd: characters.length === 0 });
  for (const [index, character] of characters.entries()) {
    const next = [...current].flatMap((at) => {
      const step = steps[at];
      return step?.kind === "one" && step.fits(character) ? [at + 1] : [];
    });
    current = reach(steps, next, { atStart: false, atEnd: index === characters.length - 1 });
    if (current.size === 0) return false;
  }
  return [...current].some((at) => steps[at]?.kind === "done");
}

/** All steps that are come to without taking a character. */
function reach(steps: Step[], from: number[], edge: { atStart: boolean; atEnd: boolean }) {
  const found = new Set<number>();
  const waiting = [...from];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (found.has(at)) continue;
    found.add(at);
    const step = steps[at];
    if (step?.kind === "fork") waiting.push(...step.to);
    if (step?.kind === "edge" && (step.at === "start" ? edge.atStart : edge.atEnd))
      waiting.push(at + 1);
  }
  return found;
}
