import { afterAll, beforeAll } from "vitest";
import { disconnect } from "@/lib/db/client";
import { setDatabaseUrl } from "@/lib/env";
import { createDatabase } from "./database";

/** Around each file of API tests: a database of its own behind `prisma`, empty and migrated. */
beforeAll(async () => {
  const { url, prisma } = await createDatabase(`test_${process.env.VITEST_POOL_ID ?? "0"}`);
  await prisma.$disconnect();
  setDatabaseUrl(url);
});

afterAll(disconnect);
