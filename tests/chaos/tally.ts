import type { Answer } from "../bench/client";

/** An answer that breaks a promise, and how often it came. */
export type Broken = { what: string; times: number };

/** Answers by their status, and what of them nobody was promised. */
export class Tally {
  readonly byStatus = new Map<number, number>();
  /** Connections refused or cut, by what the system calls it. */
  readonly byLoss = new Map<string, number>();
  readonly #broken = new Map<string, number>();
  readonly ms: number[] = [];

  add({ status, headers, body, ms }: Answer): void {
    this.byStatus.set(status, this.count(status) + 1);
    if (status === 200) this.ms.push(ms);
    const said = body
      .toString()
      .slice(0, 300)
      .replaceAll(/req_\w+/g, "req_…");
    if (status >= 400 && !isTold(status, body)) this.#note(`${status} ${said}`);
    if ([429, 503, 507].includes(status) && !Number(headers["retry-after"]))
      this.#note(`${status} without retry-after: ${said}`);
  }

  /** Of a request that got no answer. */
  lost(error: Error & { code?: string; cause?: unknown }): undefined {
    const inner = error.cause as { code?: string } | undefined;
    const code = error.code ?? inner?.code ?? error.name;
    this.byLoss.set(code, (this.byLoss.get(code) ?? 0) + 1);
  }

  count(status: number): number {
    return this.byStatus.get(status) ?? 0;
  }

  get losses(): number {
    return [...this.byLoss.values()].reduce((sum, one) => sum + one, 0);
  }

  get broken(): Broken[] {
    return [...this.#broken].map(([what, times]) => ({ what, times }));
  }

  /** As it is printed: `200 × 1,204, 429 × 33`. */
  toString(): string {
    return [...this.byStatus, ...this.byLoss]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, times]) => `${name} × ${times.toLocaleString("en")}`)
      .join(", ");
  }

  #note(what: string): void {
    this.#broken.set(what, (this.#broken.get(what) ?? 0) + 1);
  }
}

/** Pressure, a database that is away, a full disk: those are answers; so is a session that is not there yet. */
function isTold(status: number, body: Buffer): boolean {
  const expected = {
    404: "not_found",
    429: "rate_limited",
    503: "unavailable",
    507: "out_of_space",
  };
  const code = expected[status as keyof typeof expected];
  return code !== undefined && /"code":"(\w+)"/.exec(body.toString())?.[1] === code;
}
