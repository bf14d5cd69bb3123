import type pg from "pg";
import { type Client, checked } from "./client";
import { ms, p95, times, whole } from "./figures";
import { type Case, listCases } from "./filters";
import { fillListData } from "./list-data";
import { onPair } from "./pair";
import { note, type Row } from "./report";

const LIMIT_MS = 150;
const COMMON_WORD_LIMIT_MS = 500;
/** Below it, growth with the number of sessions is nobody's concern. */
const FREE_MS = 20;
const GROWTH = 1.5;
const EVENTS = 10;
const DAYS = 30;
/** A key may make 6,000 requests a minute. */
const KEYS = 8;
const WORST = 12;

type Measured = Case & { smallMs: number; largeMs: number };

/**
 * The list over HTTP in two installations, one with ten times the sessions of the other. Requests go
 * to both in turn, one at a time, through all questions again and again, so that both see the same
 * disturbances; the first pass is thrown away.
 */
export async function measureList(root: string, quick: boolean): Promise<Row[]> {
  const sizes = quick ? ([2_000, 20_000] as const) : ([20_000, 200_000] as const);
  const fill = (client: pg.ClientBase, sessions: number) =>
    fillListData(client, { sessions, eventsPerSession: EVENTS, days: DAYS });
  return onPair({ root, name: "list", sizes, fill }, async (small, large) => {
    for (const { client } of [small, large]) client.takeTurns(await moreKeys(client));
    const measured = await measureCases(small.client, large.client, quick ? 5 : 20);
    tellWorst(measured);
    return rowsOf(measured, sizes[1]);
  });
}

async function moreKeys(client: Client): Promise<string[]> {
  const keys: string[] = [];
  for (let i = 0; i < KEYS; i++) {
    const body = JSON.stringify({ name: `bench ${i}`, scopes: ["read"] });
    const answer = await client.post("/api/v1/keys", body);
    keys.push(JSON.parse(answer.body.toString()).key);
  }
  return keys;
}

async function measureCases(small: Client, large: Client, passes: number): Promise<Measured[]> {
  const cases = listCases(new Date());
  const found = cases.map((one) => ({ one, small: [] as number[], large: [] as number[] }));
  for (let pass = 0; pass <= passes; pass++) {
    const began = performance.now();
    for (const { one, small: smallMs, large: largeMs } of found) {
      const path = `/api/v1/sessions?${new URLSearchParams(one.query)}`;
      const figures = [await ask(small, path), await ask(large, path)] as const;
      if (pass === 0) continue;
      smallMs.push(figures[0]);
      largeMs.push(figures[1]);
    }
    const seconds = Math.round((performance.now() - began) / 1000);
    note(`${pass === 0 ? "warm-up" : `pass ${pass}`}: ${2 * cases.length} lists in ${seconds} s`);
  }
  return found.map(({ one, small: smallMs, large: largeMs }) => ({
    ...one,
    smallMs: p95(smallMs),
    largeMs: p95(largeMs),
  }));
}

async function ask(client: Client, path: string): Promise<number> {
  return checked(await client.get(path), path).ms;
}

const growthOf = ({ smallMs, largeMs }: Measured) => largeMs / smallMs;
const isFree = ({ largeMs }: Measured) => largeMs <= FREE_MS;
const worstFirst = (figure: (one: Measured) => number) => (a: Measured, b: Measured) =>
  figure(b) - figure(a);

function tellWorst(measured: readonly Measured[]): void {
  note("p95 ms in the larger installation, in the smaller one, question:");
  for (const one of [...measured].sort(worstFirst((m) => m.largeMs)).slice(0, WORST))
    note(
      `${one.largeMs.toFixed(1).padStart(8)} ${one.smallMs.toFixed(1).padStart(8)}  ${one.name}`,
    );
  note("and those that grow most beyond 20 ms:");
  const grown = measured.filter((one) => !isFree(one)).sort(worstFirst(growthOf));
  for (const one of grown.slice(0, WORST))
    note(
      `${one.largeMs.toFixed(1).padStart(8)} ${one.smallMs.toFixed(1).padStart(8)}  ${one.name}`,
    );
}

function rowsOf(measured: readonly Measured[], sessions: number): Row[] {
  const size = `${whole(sessions)} sessions, ${whole(sessions * EVENTS)} events`;
  const usual = measured.filter((one) => !one.commonWord);
  const common = measured.filter((one) => one.commonWord);
  return [
    limitRow(
      `sessions list, ${size}: p95 of each of ${usual.length} filter × sort`,
      usual,
      LIMIT_MS,
    ),
    limitRow(`the same with a common word in q (${common.length})`, common, COMMON_WORD_LIMIT_MS),
    growthRow(measured),
  ];
}

function limitRow(measure: string, measured: readonly Measured[], limitMs: number): Row {
  const sorted = [...measured].sort(worstFirst((one) => one.largeMs));
  const worst = sorted[0];
  const above = measured.filter((one) => one.largeMs > limitMs).length;
  const middle = sorted[Math.floor(sorted.length / 2)]?.largeMs ?? Number.NaN;
  return {
    measure,
    value: `worst ${ms(worst?.largeMs ?? Number.NaN)} (${worst?.name}), median ${ms(middle)}`,
    target: `≤ ${limitMs} ms`,
    met: above === 0,
    figures: {
      worstMs: worst?.largeMs ?? Number.NaN,
      worstCase: worst?.name ?? "",
      medianMs: middle,
      cases: measured.length,
      casesAbove: above,
    },
  };
}

function growthRow(measured: readonly Measured[]): Row {
  const grown = measured.filter((one) => !isFree(one)).sort(worstFirst(growthOf));
  const above = grown.filter((one) => growthOf(one) > GROWTH).length;
  const worst = grown[0];
  return {
    measure: `p95 against a tenth of the sessions, where above ${FREE_MS} ms (${grown.length} of ${measured.length})`,
    value: worst
      ? `worst ${times(growthOf(worst))} (${worst.name}), ${above} above`
      : "none is above",
    target: `≤ ${GROWTH} ×`,
    met: above === 0,
    figures: {
      worstRatio: worst ? growthOf(worst) : 0,
      worstCase: worst?.name ?? "",
      casesAboveFree: grown.length,
      casesAbove: above,
    },
  };
}
