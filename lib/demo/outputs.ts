import type { Random } from "@/lib/demo/random";
import { type Facts, fill } from "@/lib/demo/text";

/** Makes about `chars` characters of what a tool of one sort answers. */
export type OutputMaker = (random: Random, facts: Facts, chars: number) => string;

const LOG =
  "2026-{#10-11}-{#10-28}T{#10-23}:{#10-59}:{#10-59}.{#100-999}Z {level} {service} {happening} tenant=t{#10-99} ms={#2-4000} trace={x8}";
const GREP = "{path}:{#4-480}:  {statement}";
const TEST = "ok {#12-340} {symbol} handles {column} of {table} ({#1-90} ms)";
const DIFF = "{statement}";

export const log: OutputMaker = (random, facts, chars) => lines(LOG, random, facts, chars);

export const grep: OutputMaker = (random, facts, chars) => lines(GREP, random, facts, chars);

export const code: OutputMaker = (random, facts, chars) => {
  let line = random.int(1, 400);
  let text = "";
  while (text.length < chars) {
    text += `${String(line).padStart(6)}\t  ${fill("{statement}", random, facts)}\n`;
    line += 1;
  }
  return text;
};

export const testReport: OutputMaker = (random, facts, chars) => {
  const failed = random.chance(0.3) ? random.int(1, 4) : 0;
  return `${lines(TEST, random, facts, chars)}\n\n# pass ${random.int(80, 640)}\n# fail ${failed}\n# duration ${random.int(3, 90)} s`;
};

export const diff: OutputMaker = (random, facts, chars) => {
  const head = fill(
    "diff --git a/{path} b/{path}\n@@ -{#10-90},7 +{#10-90},9 @@ {symbol}",
    random,
    facts,
  );
  const body = lines(DIFF, random, facts, chars).split("\n");
  return `${head}\n${body.map((line) => `${random.pick(["+", "-", " "])} ${line}`).join("\n")}`;
};

export const files: OutputMaker = (random, facts, chars) => lines("./{path}", random, facts, chars);

/** A query's answer: columns and rows, as JSON. */
export const rows: OutputMaker = (random, facts, chars) => {
  const result: unknown[] = [];
  for (let length = 80; length < chars; length += 74) {
    result.push([
      fill("2026-{#10-11}-{#10-28}", random, facts),
      random.pick(["EMEA", "APAC", "North America", "LATAM"]),
      random.int(40, 9_000),
      random.int(1_000, 4_000_000) / 100,
      random.int(0, 900) / 100,
    ]);
  }
  return JSON.stringify({
    columns: ["day", "region", "orders", "net_revenue", "refund_rate_pct"],
    rows: result,
    row_count: result.length,
    elapsed_ms: random.int(40, 5_200),
  });
};

export const tickets: OutputMaker = (random, facts, chars) => {
  const found: unknown[] = [];
  for (let length = 60; length < chars; length += 230) {
    found.push({
      id: `T-${random.int(10_000, 99_999)}`,
      subject: fill("Customer says: {issue}", random, {}),
      requester: fill("{person} ({customer})", random, {}),
      status: fill("{state}", random, facts),
      updated_at: fill("2026-11-{#10-20}T{#10-20}:{#10-59}:00Z", random, facts),
      tags: [fill("{service}", random, {}), fill("{feeling}", random, {})],
    });
  }
  return JSON.stringify({ results: found, next: null });
};

export const customer: OutputMaker = (random, facts) =>
  JSON.stringify({
    found: true,
    customer: {
      id: `cus_${random.int(1_000, 9_999)}`,
      name: facts.customer,
      plan: random.pick(["team", "business", "enterprise"]),
      since: fill("20{#19-25}-0{#1-9}-{#10-28}", random, facts),
      contact: facts.person,
      open_tickets: random.int(0, 6),
      lifetime_value: random.int(900, 240_000),
    },
    last_order: { id: facts.order, total: random.int(1_900, 120_000) / 100, currency: "EUR" },
  });

export const invoice: OutputMaker = (random, facts, chars) => {
  const items: unknown[] = [];
  for (let length = 260; length < chars; length += 120) {
    const quantity = random.int(1, 40);
    const unit = random.int(300, 90_000) / 100;
    items.push({
      sku: fill("CAT-{#1000-1999}", random, facts),
      quantity,
      unit_price: unit,
      total: Math.round(quantity * unit * 100) / 100,
    });
  }
  return JSON.stringify({
    invoice: {
      number: facts.invoice,
      supplier: facts.supplier,
      currency: "EUR",
      due: fill("2026-12-{#10-28}", random, facts),
      lines: items,
    },
    purchase_order: {
      number: fill("PO-{#4000-4999}", random, facts),
      lines: items.length,
      tolerance_pct: 2,
    },
  });
};

export const done: OutputMaker = (random, facts) =>
  JSON.stringify({ ok: true, id: fill("op_{x10}", random, facts), sequence: random.int(1, 9_000) });

export const markdownPage: OutputMaker = (random, facts, chars) => {
  const paragraph =
    "{competitor} raised its list price by {#3-19} % in {country}, and moved {metric} reporting to the higher plan. Analysts expect {#2-14} % growth for the segment; {customer} and {#2-9} others named delivery time as the reason to change.\n\n";
  let text = fill("# {competitor} in {region}: what changed\n\n", random, facts);
  while (text.length < chars) text += fill(paragraph, random, {});
  return text;
};

function lines(template: string, random: Random, facts: Facts, chars: number): string {
  let text = fill(template, random, facts);
  while (text.length < chars) text += `\n${fill(template, random, facts)}`;
  return text;
}
