import { type Json, type Part, partsOf, promptOf } from "./config-parts";
import { AREAS } from "./names";
import type { ConfigChange } from "./schema";
import { textDiff } from "./text-diff";

/** Longer values are cut: they are there to tell two from each other. */
const MOST_CHARACTERS = 400;
const cut = (text: string) =>
  text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;

/** What differs between two configurations, by area and then by name; nothing where they are the same. */
export function configDiff(before: Json, after: Json): ConfigChange[] {
  const [from, to] = [partsOf(before), partsOf(after)];
  const names = [...new Set([...from.keys(), ...to.keys()])];
  const changes = names.flatMap((name) => partChange(from, to, name));
  const prompt = promptChange(promptOf(before), promptOf(after));
  return [...changes, ...prompt].sort(
    (a, b) => AREAS.indexOf(a.area) - AREAS.indexOf(b.area) || order(a.what, b.what),
  );
}

/** The model before its effort, and everything else by name. */
const FIRST = ["Model", "Effort"];
function order(a: string, b: string): number {
  const [x, y] = [a, b].map((what) => (FIRST.includes(what) ? FIRST.indexOf(what) : FIRST.length));
  return (x ?? 0) - (y ?? 0) || (a < b ? -1 : 1);
}

type Parts = ReadonlyMap<string, Part>;

function partChange(from: Parts, to: Parts, name: string): ConfigChange[] {
  const [before, after] = [from.get(name), to.get(name)];
  const part = after ?? before;
  if (!part || before?.value === after?.value) return [];
  // What came or went as a whole is told once, without its details.
  const whole = part.of;
  if (whole !== null && !(from.has(whole) && to.has(whole))) return [];
  return [
    {
      area: part.area,
      what: part.what,
      change: before ? (after ? "changed" : "removed") : "added",
      from: before ? cut(before.value) : null,
      to: after ? cut(after.value) : null,
      lines: null,
    },
  ];
}

function promptChange(before: string, after: string): ConfigChange[] {
  if (before === after) return [];
  const change = before === "" ? "added" : after === "" ? "removed" : "changed";
  const told = (text: string) => (text === "" ? null : `${text.length} characters`);
  return [
    {
      ...{ area: "system", what: "System prompt", change },
      ...{ from: told(before), to: told(after) },
      lines: textDiff(before, after),
    },
  ];
}
