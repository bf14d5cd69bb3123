import { randomBytes } from "node:crypto";
import pg from "pg";

/** Below this a text travels as it is. */
const LARGE_CHARS = 4_096;
/** Statements that fail before they reach the driver leave their texts behind; no more than these are kept. */
const MOST_HELD = 256;

/**
 * Pages and routes are bundled apart and each have this module for themselves, but share the connections:
 * what one refers to the other's client has to find. Nobody outside this process can know the mark, so no
 * text that was sent to us can pass for a reference.
 */
const shared = globalThis as typeof globalThis & { watchkeeperTexts?: Texts };
type Texts = { mark: string; held: Map<string, string>; count: number };

function texts(): Texts {
  shared.watchkeeperTexts ??= {
    mark: `large-text:${randomBytes(16).toString("hex")}:`,
    ...{ held: new Map(), count: 0 },
  };
  return shared.watchkeeperTexts;
}

/**
 * A text as a parameter of one tagged statement. Prisma writes the parameters of a raw statement out
 * as JSON and reads them back before the driver gets them, which costs a batch of a megabyte a fifth
 * of all its work; a large text goes past it, by a reference that `Client` resolves.
 */
export function largeText(text: string): string {
  if (text.length < LARGE_CHARS) return text;
  const known = texts();
  const { held } = known;
  const reference = `${known.mark}${++known.count}`;
  held.set(reference, text);
  const [oldest] = held.keys();
  if (held.size > MOST_HELD && oldest !== undefined) held.delete(oldest);
  return reference;
}

function resolve(value: unknown): unknown {
  const { mark, held } = texts();
  if (typeof value !== "string" || !value.startsWith(mark)) return value;
  const text = held.get(value);
  if (text === undefined) throw new Error("A large text is good for one statement.");
  held.delete(value);
  return text;
}

/** The driver's client, putting large texts in where a statement refers to them. */
export class Client extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    const send = this.query.bind(this) as (...args: unknown[]) => unknown;
    const resolving = (statement: { values?: unknown }, ...rest: unknown[]) => {
      if (Array.isArray(statement.values)) statement.values = statement.values.map(resolve);
      return send(statement, ...rest);
    };
    this.query = resolving as typeof this.query;
  }
}
