import pg from "pg";
import { inject } from "vitest";
import { connect, pool } from "@/lib/db/client";

export type TestDatabase = ReturnType<typeof connect> & { url: string; drop(): Promise<void> };

/** Creates an empty, migrated database of that name, replacing an earlier one. */
export async function createDatabase(name: string): Promise<TestDatabase> {
  const template = inject("templateUrl");
  await asAdmin(async (admin) => {
    await admin.query(`drop database if exists "${name}" with (force)`);
    await admin.query(
      `create database "${name}" template "${new URL(template).pathname.slice(1)}"`,
    );
  });
  const url = template.replace(/[^/]+$/, name);
  const connected = connect(url, 5);
  const drop = async () => {
    await connected.prisma.$disconnect();
    await asAdmin((admin) => admin.query(`drop database if exists "${name}" with (force)`));
  };
  return { url, ...connected, drop };
}

/** Empties the database of this test file, leaving it as migrations make it. */
export async function truncateAll(of: pg.Pool = pool()): Promise<void> {
  const { rows } = await of.query(
    "select quote_ident(relname) as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition and relname <> '_prisma_migrations'",
  );
  const names = rows.map((row: { name: string }) => row.name).join(", ");
  // The audit log's trigger refuses this, as it is to.
  await of.query(
    `begin; set local session_replication_role = replica;
     truncate ${names} restart identity cascade; commit`,
  );
  await of.query("insert into workspace (id, name) values ('default', 'Default')");
}

/** One holder at a time over all test processes, for what they share beside the database. */
export async function exclusively<T>(work: () => Promise<T>): Promise<T> {
  return asAdmin(async (admin) => {
    await admin.query("select pg_advisory_lock(1)");
    return work();
  });
}

async function asAdmin<T>(work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({
    connectionString: inject("templateUrl").replace(/[^/]+$/, "postgres"),
  });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}
