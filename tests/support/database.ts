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
  // To truncate an empty table takes as long as a full one, and hardly a test fills more than a few.
  const { rows } = await of.query<{ name: string }>(await lookForRows(of));
  const names = rows.map(({ name }) => name).join(", ");
  const { rows: counted } = await of.query<{ name: string }>(
    `select quote_ident(sequencename) as name from pg_sequences
     where schemaname = 'public' and last_value is not null`,
  );
  // The audit log's trigger refuses this, as it is to.
  await of.query(
    `begin; set local session_replication_role = replica;
     ${names === "" ? "" : `truncate ${names} restart identity cascade;`}
     ${counted.map(({ name }) => `alter sequence ${name} restart;`).join(" ")}
     insert into workspace (id, name) values ('default', 'Default') on conflict do nothing; commit`,
  );
}

/** A question for the names of all tables that hold rows. */
async function lookForRows(of: pg.Pool): Promise<string> {
  const { rows } = await of.query<{ name: string }>(
    `select quote_ident(relname) as name from pg_class
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
       and not relispartition and relname <> '_prisma_migrations'`,
  );
  return rows
    .map(({ name }) => `select '${name}' as name where exists (select 1 from ${name})`)
    .join(" union all ");
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
