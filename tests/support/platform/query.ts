import { microsFromIso } from "@/lib/time/micros";
import { invalid } from "./errors";

export type Bounds = {
  /** As they were asked for; a cursor holds on to them. */
  text: string;
  isGiven: boolean;
  includes(us: number | null): boolean;
};

/** The parameters of one request; whatever a route does not name is refused. */
export class Query {
  readonly #params: URLSearchParams;

  constructor(search: string) {
    this.#params = new URLSearchParams(search);
  }

  only(...names: string[]): this {
    for (const name of this.#params.keys())
      if (!names.includes(name) && name !== "beta") throw invalid(`${name}: unknown parameter`);
    return this;
  }

  has(name: string): boolean {
    return this.#params.has(name);
  }

  text(name: string): string | null {
    return this.#params.get(name);
  }

  /** `name[]=a&name[]=b`; every value must be one of `known`, if given. */
  all(name: string, known?: readonly string[]): string[] {
    const values = this.#params.getAll(`${name}[]`);
    const odd = known && values.find((value) => !known.includes(value));
    if (odd !== undefined) throw invalid(`${name}: unknown value ${odd}`);
    return values;
  }

  one<T extends string>(name: string, known: readonly T[]): T | null {
    const value = this.text(name);
    if (value === null) return null;
    const found = known.find((word) => word === value);
    if (found === undefined) throw invalid(`${name}: expected one of ${known.join(", ")}`);
    return found;
  }

  flag(name: string): boolean | null {
    const value = this.one(name, ["true", "false"]);
    return value === null ? null : value === "true";
  }

  integer(name: string): number | null {
    const value = this.text(name);
    if (value === null) return null;
    if (!/^\d{1,9}$/.test(value)) throw invalid(`${name}: expected a whole number`);
    return Number(value);
  }

  instant(name: string): number | null {
    const value = this.text(name);
    if (value === null) return null;
    const us = microsFromIso(value);
    if (us === null) throw invalid(`${name}: expected an RFC 3339 time`);
    return us;
  }

  /** `created_at[gte]` and its like. */
  bounds(): Bounds {
    const [gt, gte, lt, lte] = ["gt", "gte", "lt", "lte"].map((word) =>
      this.instant(`created_at[${word}]`),
    );
    const isGiven = [gt, gte, lt, lte].some((bound) => bound !== null);
    return {
      text: JSON.stringify([gt, gte, lt, lte]),
      isGiven,
      includes: (us) => {
        if (!isGiven) return true;
        if (us === null) return false;
        if (typeof gt === "number" && us <= gt) return false;
        if (typeof gte === "number" && us < gte) return false;
        if (typeof lt === "number" && us >= lt) return false;
        return !(typeof lte === "number" && us > lte);
      },
    };
  }
}

export const CREATED = ["created_at[gt]", "created_at[gte]", "created_at[lt]", "created_at[lte]"];
