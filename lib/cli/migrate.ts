import { openDatabase } from "@/lib/db/open";

/** `npm run migrate`: brings the database to what this version needs; `npm start` does it as well. */
export default async function migrate(): Promise<void> {
  const database = await openDatabase();
  await database.stop();
}
