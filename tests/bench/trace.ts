import { checked } from "./client";
import { median, ms, p95, whole } from "./figures";
import { longSession } from "./long-session";
import { cpuTimes } from "./processes";
import type { Product } from "./product";
import { note, type Row } from "./report";

const LIMIT_MS = 60;
const SPANS = 2_000;
const WARM_UP = 5;
/** Windows begin at these steps of the session, over and over: the golden ratio spreads them evenly. */
const STEP = 0.618034;
/** Of the session's length: further on there are no 2,000 spans left. */
const LAST = 0.85;

/** Windows of 2,000 spans of the 50,000-event session, and its first page, which tells its threads too. */
export async function measureTrace(product: Product, quick: boolean): Promise<Row[]> {
  const session = await longSession(product, quick ? 5_000 : 50_000);
  const path = `/api/v1/sessions/${session.id}/trace?limit=${SPANS}`;
  const windowMs: number[] = [];
  const firstMs: number[] = [];
  let fewest = SPANS;
  const cpu = { web: 0, database: 0 };
  for (let i = 0; i < (quick ? 20 : 100); i++) {
    const offset = ((i * STEP) % 1) * LAST * (session.toMs - session.fromMs);
    const from = new Date(session.fromMs + offset).toISOString();
    const before = await cpuTimes(product.pid);
    const window = checked(await product.client.get(`${path}&from=${from}`), "trace");
    const after = await cpuTimes(product.pid);
    const first = checked(await product.client.get(path), "trace");
    if (i < WARM_UP) continue;
    windowMs.push(window.ms);
    firstMs.push(first.ms);
    cpu.web += after.web - before.web;
    cpu.database += after.database - before.database;
    fewest = Math.min(fewest, JSON.parse(window.body.toString()).data.length);
  }
  const cpuOf = (part: "web" | "database") => cpu[part] / windowMs.length;
  note(
    `a window holds at least ${whole(fewest)} spans; CPU of one: web ${ms(cpuOf("web"))}, database ${ms(cpuOf("database"))}`,
  );
  const row = (measure: string, figures: number[]): Row => ({
    measure,
    value: `p95 ${ms(p95(figures))}, p50 ${ms(median(figures))}`,
    target: `p95 ≤ ${LIMIT_MS} ms`,
    met: p95(figures) <= LIMIT_MS,
    figures: { p95Ms: p95(figures), p50Ms: median(figures), requests: figures.length },
  });
  const what = quick ? "5,000-event" : "50,000-event";
  return [
    row(`trace: windows of ${whole(SPANS)} spans anywhere in the ${what} session`, windowMs),
    row("trace: its first page", firstMs),
  ];
}
