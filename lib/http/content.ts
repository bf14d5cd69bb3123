import { z } from "zod";
import { AppError } from "./errors";

type Rule =
  | { kind: "hidden"; as: null | undefined }
  | { kind: "only" | "under"; keys: ReadonlySet<string> }
  | { kind: "shown"; as: (value: never) => unknown };
const rules = new WeakMap<z.ZodType, Rule>();
const questions = new WeakMap<z.ZodType, (value: unknown) => boolean>();

/**
 * Marks a field as what sessions said or did: titles, messages, error texts. Who may see figures alone
 * gets null in its place, or nothing where it may be left out; the schema must allow one of the two.
 */
export function said<T extends z.ZodType>(schema: T): T {
  const as = [null, undefined].find((value) => schema.safeParse(value).success);
  if (as === undefined && !schema.safeParse(undefined).success)
    throw new Error("what sessions said must be nullable or optional");
  rules.set(schema, { kind: "hidden", as });
  return schema;
}

/** Marks a value of which a part is what sessions said: `as` gives what is for everybody. */
export function saidAs<T extends z.ZodType>(schema: T, as: (value: z.output<T>) => unknown): T {
  rules.set(schema, { kind: "shown", as });
  return schema;
}

/** Marks an object of anything: of its text, only these keys are for everybody. Numbers and truth values are. */
export function saidBut<T extends z.ZodType>(schema: T, ...keys: string[]): T {
  rules.set(schema, { kind: "only", keys: new Set(keys) });
  return schema;
}

/** What stands in the place of texts that cannot be null. */
export const HIDDEN_TEXT = "hidden for your role";

/** Marks a record of lists of text: what stands under these keys is what sessions said. That there is some is told. */
export function saidUnder<T extends z.ZodType>(schema: T, ...keys: string[]): T {
  rules.set(schema, { kind: "under", keys: new Set(keys) });
  return schema;
}

/** Marks a parameter whose answer would tell what sessions said, always or for the values that `asks` names. */
export function asksContent<T extends z.ZodType>(
  schema: T,
  asks: (value: unknown) => boolean = (value) => value !== undefined,
): T {
  questions.set(schema, asks);
  return schema;
}

/** The first parameter that asks for what sessions said; null for a question that figures answer. */
export function contentQuestion(
  schema: z.ZodObject,
  query: Record<string, unknown>,
): string | null {
  const fields = Object.entries(schema.shape as Record<string, z.ZodType>);
  return fields.find(([name, field]) => questions.get(field)?.(query[name]))?.[0] ?? null;
}

/** @throws AppError `forbidden` for a question that figures alone do not answer */
export function refuseContentQuestions(schema: z.ZodObject, query: Record<string, unknown>): void {
  const name = contentQuestion(schema, query);
  if (name !== null)
    throw new AppError(
      "forbidden",
      `${name}: what sessions said is ${HIDDEN_TEXT}, and cannot be asked for.`,
      { issues: [{ path: name, message: HIDDEN_TEXT }] },
    );
}

/** Whether an answer of this form could hold anything that `withoutContent` takes out. */
export function mayTell(schema: z.ZodType, seen = new Set<z.ZodType>()): boolean {
  if (rules.has(schema)) return true;
  if (seen.has(schema)) return false;
  seen.add(schema);
  const parts = partsOf(schema);
  return parts === null ? !isPlain(schema) : parts.some((part) => mayTell(part, seen));
}

/** Null for what has none. */
function partsOf(schema: z.ZodType): z.ZodType[] | null {
  if (schema instanceof z.ZodObject)
    return Object.values(schema.shape as Record<string, z.ZodType>);
  if (schema instanceof z.ZodArray) return [schema.element as z.ZodType];
  if (schema instanceof z.ZodTuple)
    return [...schema.def.items, ...(schema.def.rest ? [schema.def.rest] : [])] as z.ZodType[];
  if (schema instanceof z.ZodRecord) return [schema.valueType as z.ZodType];
  if (schema instanceof z.ZodUnion) return schema.options as z.ZodType[];
  const inner = innerOf(schema);
  return inner ? [inner] : null;
}

/**
 * An answer without what sessions said or did, by the marks of its schema. What the schema does not
 * name is left out, so that a forgotten field is missing rather than told.
 */
export function withoutContent(schema: z.ZodType, value: unknown): unknown {
  const rule = rules.get(schema);
  if (rule?.kind === "hidden") return rule.as;
  if (value === null || value === undefined) return value;
  const shown = rule?.kind === "shown" ? rule.as(value as never) : value;
  return withoutParts(schema, shown);
}

function withoutParts(schema: z.ZodType, value: unknown): unknown {
  const rule = rules.get(schema);
  if (rule?.kind === "only") return pick(Object(value), rule.keys);
  if (rule?.kind === "under") return covered(Object(value), rule.keys);
  if (schema instanceof z.ZodObject) return withoutContentOf(schema, Object(value));
  if (schema instanceof z.ZodArray)
    return [...(value as unknown[])].map((item) =>
      withoutContent(schema.element as z.ZodType, item),
    );
  if (schema instanceof z.ZodTuple)
    return (value as unknown[]).map((item, at) => {
      const part = schema.def.items[at] ?? schema.def.rest;
      return part ? withoutContent(part as z.ZodType, item) : null;
    });
  if (schema instanceof z.ZodRecord) return ofRecord(schema.valueType as z.ZodType, Object(value));
  if (schema instanceof z.ZodUnion) {
    const fitting = (schema.options as z.ZodType[]).find((one) => one.safeParse(value).success);
    return fitting ? withoutContent(fitting, value) : null;
  }
  const inner = innerOf(schema);
  if (inner) return withoutContent(inner, value);
  return isPlain(schema) ? value : null;
}

function withoutContentOf(schema: z.ZodObject, value: Record<string, unknown>) {
  const kept: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(schema.shape as Record<string, z.ZodType>)) {
    if (!Object.hasOwn(value, name)) continue;
    const shown = withoutContent(field, value[name]);
    if (shown !== undefined) kept[name] = shown;
  }
  return kept;
}

const ofRecord = (item: z.ZodType, value: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withoutContent(item, one)]));

const covered = (value: Record<string, unknown>, keys: ReadonlySet<string>) =>
  Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, keys.has(key) ? [HIDDEN_TEXT] : one]),
  );

const pick = (value: Record<string, unknown>, keys: ReadonlySet<string>) =>
  Object.fromEntries(
    Object.entries(value).filter(
      ([key, one]) => typeof one === "number" || typeof one === "boolean" || keys.has(key),
    ),
  );

function innerOf(schema: z.ZodType): z.ZodType | null {
  if (
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodReadonly ||
    schema instanceof z.ZodCatch
  )
    return schema.unwrap() as z.ZodType;
  if (schema instanceof z.ZodPipe) return schema.out as z.ZodType;
  return schema instanceof z.ZodLazy ? (schema.unwrap() as z.ZodType) : null;
}

/** Schemas of single values; all others (`unknown`, `any`) could hold whatever. */
function isPlain(schema: z.ZodType): boolean {
  return (
    schema instanceof z.ZodString ||
    schema instanceof z.ZodStringFormat ||
    schema instanceof z.ZodNumber ||
    schema instanceof z.ZodBoolean ||
    schema instanceof z.ZodLiteral ||
    schema instanceof z.ZodNull ||
    schema instanceof z.ZodEnum
  );
}
