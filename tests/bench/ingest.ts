import { type Client, checked } from "./client";
import { copyIn, copyText } from "./copy";
import { median, times, whole } from "./figures";
import { type Batch, copyRows, jsonBody, makeLoad, ndjsonBody } from "./load";
import { type CpuTimes, cpuTimes } from "./processes";
import { type Product, withDatabase } from "./product";
import { note, type Row } from "./report";

const SENDERS = 4;
const EVENTS = 1_000;
const COPY_RATIO = 0.35;

const FORMS = {
  json: { word: "JSON", type: "application/json", body: jsonBody },
  ndjson: { word: "NDJSON", type: "application/x-ndjson", body: ndjsonBody },
};
type Form = keyof typeof FORMS;
const BOTH: readonly Form[] = ["json", "ndjson"];

type Rates = Record<"copy" | "readyCopy" | "first" | "again" | "ratio" | "againRatio", number> & {
  /** CPU ms per 1,000 events sent for the first time. */
  webCpu: number;
  databaseCpu: number;
  senderCpu: number;
};

/**
 * Events a second through the whole product, beside bare COPY of the same JSON; then the same
 * requests once more. Both begin with the events as objects and end with the commit. A round holds
 * all of it, so that its ratios compare neighbours in time; the first round is thrown away.
 */
export async function measureIngest(product: Product, quick: boolean): Promise<Row[]> {
  const batches = quick ? 6 : 16;
  const rounds = quick ? 2 : 5;
  const rates: Record<Form, Rates[]> = { json: [], ndjson: [] };
  let bytes = 0;
  for (let round = 0; round <= rounds; round++)
    for (const form of round % 2 ? BOTH : [...BOTH].reverse()) {
      const seed = `bench/${round}/${form}`;
      const load = makeLoad({ seed, senders: SENDERS, batches, events: EVENTS }, Date.now() * 1000);
      const found = await measureRound(product, load, form);
      note(`${round === 0 ? "warm-up" : `round ${round}`} ${FORMS[form].word}: ${told(found)}`);
      if (round > 0) rates[form].push(found);
      bytes = bytesPerEvent(load.flat());
    }
  return BOTH.flatMap((form) => rowsOf(form, rates[form], bytes));
}

async function measureRound(product: Product, load: Batch[][], form: Form): Promise<Rates> {
  const { databaseUrl, client } = product;
  const copy = await rateOfCopy(databaseUrl, load.flat(), { type: "jsonb", ready: false });
  const readyCopy = await rateOfCopy(databaseUrl, load.flat(), { type: "json", ready: true });
  const before = await cpuTimes(product.pid);
  const first = await rateOfSending(client, load, { form, expect: "accepted" });
  const after = await cpuTimes(product.pid);
  const again = await rateOfSending(client, load, { form, expect: "duplicates" });
  const cpu = (of: keyof CpuTimes) => (after[of] - before[of]) / load.flat().length;
  return {
    ...{ copy, readyCopy, first, again, ratio: first / copy, againRatio: again / first },
    ...{ webCpu: cpu("web"), databaseCpu: cpu("database"), senderCpu: cpu("bench") },
  };
}

const told = (rates: Rates) =>
  `COPY ${whole(rates.copy)} rows/s (text ready, json: ${whole(rates.readyCopy)}), ` +
  `ingest ${whole(rates.first)} events/s (${times(rates.ratio)}), again ${whole(rates.again)}; ` +
  `CPU ms per 1,000: web ${whole(rates.webCpu)}, database ${whole(rates.databaseCpu)}, senders ${whole(rates.senderCpu)}`;

function bytesPerEvent(batches: readonly Batch[]): number {
  const texts = batches.flatMap((batch) => copyRows(batch).map(([, text]) => text));
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / texts.length;
}

function rowsOf(form: Form, rates: readonly Rates[], bytes: number): Row[] {
  const of = (name: keyof Rates) => median(rates.map((rate) => rate[name]));
  const { word } = FORMS[form];
  return [
    {
      measure: `ingest over HTTP, ${word}, 4 senders, 1,000 events of ${Math.round(bytes)} bytes a request`,
      value: `${whole(of("first"))}/s = ${times(of("ratio"))} COPY's ${whole(of("copy"))}/s`,
      target: `≥ ${COPY_RATIO} × COPY`,
      met: of("ratio") >= COPY_RATIO,
      figures: {
        eventsPerSecond: of("first"),
        copyRowsPerSecond: of("copy"),
        copyOfReadyTextRowsPerSecond: of("readyCopy"),
        ratio: of("ratio"),
        webCpuMsPer1000: of("webCpu"),
        databaseCpuMsPer1000: of("databaseCpu"),
        bytesPerEvent: bytes,
        rounds: rates.length,
      },
    },
    {
      measure: `the same ${word} requests again (all duplicates)`,
      value: `${whole(of("again"))}/s = ${times(of("againRatio"))} the first time`,
      target: "≥ 1 × the first time",
      met: of("againRatio") >= 1,
      figures: { eventsPerSecond: of("again"), ratio: of("againRatio") },
    },
  ];
}

type Sending = { form: Form; expect: "accepted" | "duplicates" };

async function rateOfSending(
  client: Client,
  load: readonly Batch[][],
  sending: Sending,
): Promise<number> {
  const began = performance.now();
  const counts = await Promise.all(load.map((batches) => send(client, batches, sending)));
  const seconds = (performance.now() - began) / 1000;
  const events = load.flat().reduce((sum, batch) => sum + batch.events, 0);
  const counted = counts.reduce((sum, count) => sum + count, 0);
  if (counted < events) throw new Error(`${counted} of ${events} events were ${sending.expect}.`);
  return events / seconds;
}

/** One sender: the next request goes out when the one before is answered. Answers what was counted. */
async function send(client: Client, batches: readonly Batch[], sending: Sending): Promise<number> {
  const { type, body } = FORMS[sending.form];
  let counted = 0;
  for (const batch of batches) {
    const answer = await client.post("/api/v1/ingest", body(batch), { "content-type": type });
    const counts = JSON.parse(checked(answer, "ingest").body.toString());
    if (counts.rejected.length > 0) throw new Error(`rejected: ${counts.rejected[0].message}`);
    counted += counts[sending.expect];
  }
  return counted;
}

/**
 * Bare COPY: one connection, one statement and commit a batch, a table with a key and the JSON.
 * `ready`: the text to send is made beforehand.
 */
function rateOfCopy(
  url: string,
  batches: readonly Batch[],
  { type, ready }: { type: "json" | "jsonb"; ready: boolean },
): Promise<number> {
  const textOf = (batch: Batch) => copyText(copyRows(batch));
  const events = batches.reduce((sum, batch) => sum + batch.events, 0);
  return withDatabase(url, async (client) => {
    await client.query(`create table bench_copy (id text primary key, payload ${type} not null)`);
    const texts = ready ? batches.map(textOf) : [];
    const began = performance.now();
    for (const [index, batch] of batches.entries())
      await copyIn(client, "copy bench_copy from stdin", texts[index] ?? textOf(batch));
    const seconds = (performance.now() - began) / 1000;
    await client.query("drop table bench_copy");
    return events / seconds;
  });
}
