import { readFile } from "node:fs/promises";
import { expect, inject, it } from "vitest";
import { sqlToReach } from "@/lib/cli/migration";
import { prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { SCHEMA } from "@/lib/db/migrate";

it("has a migration for every change of the schema", async () => {
  const present = await readFile(SCHEMA, "utf8");
  expect(await sqlToReach(present, inject("templateUrl"))).toBe("");
  const changed = `${present}\nmodel Probe {\n  id String @id\n}\n`;
  expect(await sqlToReach(changed, inject("templateUrl"))).toContain('CREATE TABLE "Probe"');
});

it.each(Object.keys(Prisma.ModelName))("finds every column of %s in the database", async (name) => {
  const delegate: unknown = Reflect.get(prisma, name[0]?.toLowerCase() + name.slice(1));
  const { findFirst } = delegate as { findFirst(): Promise<unknown> };
  const first = await findFirst();
  expect(first === null || typeof first === "object").toBe(true);
});
