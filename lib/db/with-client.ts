import pg from "pg";

/** A connection to Postgres itself, past any pooler: it has locks and settings of its own. */
export type DirectClient = pg.ClientBase;

/** A connection of its own for as long as the work takes; loads nothing of Prisma. */
export async function withClient<T>(
  url: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: "watchkeeper command" });
  client.on("error", () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
