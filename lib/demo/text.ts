import type { Random } from "@/lib/demo/random";
import { FACT_NAMES, VOCABULARY } from "@/lib/demo/vocabulary";

type Part =
  | { kind: "text"; text: string }
  | { kind: "word"; name: string; words: readonly string[] }
  | { kind: "number"; min: number; max: number }
  | { kind: "money"; min: number; max: number }
  | { kind: "hex"; length: number };

const compiled = new Map<string, Part[]>();

export type Facts = Readonly<Record<string, string>>;

export function factsFor(random: Random): Facts {
  const facts: Record<string, string> = {};
  for (const name of FACT_NAMES) facts[name] = random.pick(wordsOf(name));
  facts.ticket = `T-${random.int(10_000, 99_999)}`;
  facts.invoice = `INV-${random.int(2_000, 9_999)}`;
  facts.pr = String(random.int(120, 4_800));
  facts.order = `SO-${random.int(100_000, 999_999)}`;
  return facts;
}

/**
 * Fills a template: `{word}` a fact of the session or one of the words of that name, `{#1-9}` a whole
 * number, `{$10-99}` an amount with cents, `{x7}` seven hexadecimal digits.
 */
export function fill(template: string, random: Random, facts: Facts): string {
  let parts = compiled.get(template);
  if (parts === undefined) {
    parts = compile(template);
    compiled.set(template, parts);
  }
  let text = "";
  for (const part of parts) {
    switch (part.kind) {
      case "text":
        text += part.text;
        break;
      case "word":
        text += facts[part.name] ?? random.pick(part.words);
        break;
      case "number":
        text += random.int(part.min, part.max);
        break;
      case "money":
        text += `${random.int(part.min, part.max)}.${String(random.int(0, 99)).padStart(2, "0")}`;
        break;
      case "hex":
        for (let i = 0; i < part.length; i += 1) text += "0123456789abcdef"[random.int(0, 15)];
        break;
    }
  }
  return text;
}

function compile(template: string): Part[] {
  const parts: Part[] = [];
  const pattern = /\{([a-z]+|[#$]\d+-\d+|x\d+)\}/g;
  let last = 0;
  for (const match of template.matchAll(pattern)) {
    if (match.index > last) parts.push({ kind: "text", text: template.slice(last, match.index) });
    parts.push(partOf(match[1] ?? ""));
    last = match.index + match[0].length;
  }
  if (last < template.length) parts.push({ kind: "text", text: template.slice(last) });
  return parts;
}

function partOf(name: string): Part {
  const range = /^([#$])(\d+)-(\d+)$/.exec(name);
  if (range) {
    const kind = range[1] === "#" ? "number" : "money";
    return { kind, min: Number(range[2]), max: Number(range[3]) };
  }
  if (/^x\d+$/.test(name)) return { kind: "hex", length: Number(name.slice(1)) };
  return { kind: "word", name, words: wordsOf(name) };
}

function wordsOf(name: string): readonly string[] {
  return VOCABULARY.get(name) ?? [name];
}
