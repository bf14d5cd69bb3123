import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startEmbedded } from "@/lib/db/embedded";
import { note, type Row } from "../bench/report";
import { Crowd } from "./crowd";
import {
  answersRow,
  backRow,
  crowdOf,
  lostOf,
  lostRow,
  onProduct,
  type Size,
  seconds,
  secondsUntil,
  secondsUntilAddedUp,
  takesIn,
} from "./ground";

const MORE = 20;
const AFTER_MS = 5_000;

/** A database of somebody else's that is away for longer than anybody would wait for an answer. */
export async function tryAway(dataDir: string, size: Size): Promise<Row[]> {
  const folder = join(dataDir, "elsewhere");
  let server = await startEmbedded({ dataDir: folder });
  const port = Number(new URL(server.url).port);
  const awaySeconds = Math.min(40, size.seconds);
  try {
    return await onProduct(
      join(dataDir, "product"),
      async (product) => {
        const crowd = new Crowd(await crowdOf(product, size));
        await secondsUntil(takesIn(crowd, MORE), 30);
        note(`  the database is away for ${awaySeconds} s`);
        await server.stop();
        await sleep(awaySeconds * 1000);
        const page = await product.client.get("/sign-in");
        server = await startEmbedded({ dataDir: folder, port });
        const took = await secondsUntil(takesIn(crowd, MORE), 30);
        await sleep(AFTER_MS);
        await crowd.stop();
        const addedUp = await secondsUntilAddedUp(product.databaseUrl);
        note(`  sent: ${crowd.sent}; read: ${crowd.read}; added up after ${seconds(addedUp)}`);
        const words = `a database elsewhere, away for ${awaySeconds} s under load`;
        return [
          backRow(`${words}: until ${MORE} requests are taken again`, took, 15),
          {
            measure: `${words}: a page says so, and asks again by itself`,
            value: `${page.status}, retry-after ${page.headers["retry-after"]}`,
            target: "503 with retry-after",
            met: page.status === 503 && Number(page.headers["retry-after"]) > 0,
            figures: { status: page.status },
          },
          answersRow(`${words}: answers`, [crowd.sent, crowd.read]),
          lostRow(words, await lostOf(product.databaseUrl, crowd), crowd),
          backRow(`${words}: until all of it is added up`, addedUp, 150),
        ];
      },
      { DATABASE_URL: server.url },
    );
  } finally {
    await server.stop();
  }
}
