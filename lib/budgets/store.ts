import { randomUUID } from "node:crypto";
import { type Db, prisma } from "@/lib/db/client";
import { AppError } from "@/lib/http/errors";
import type { BudgetItem, NewBudget } from "./schema";

/** A workspace keeps at most this many, which is one page: each is computed when it is looked at. */
const MOST_BUDGETS = 100;

/** What people have said of a budget. */
export type BudgetRow = Omit<BudgetItem, "state" | "exhausted_on" | "course">;

type Stored = {
  id: string;
  name: string;
  scope: string;
  value: string | null;
  period: string;
  tz: string;
  amountNanos: bigint;
  createdAt: Date;
};

const rowOf = ({ id, name, scope, value, period, tz, amountNanos, createdAt }: Stored) => ({
  ...{ id, name, scope, value, tz },
  period: period as BudgetRow["period"],
  amount_nanos: Number(amountNanos),
  created_at: createdAt.toISOString(),
});

const columnsOf = ({ amount_nanos, ...budget }: NewBudget) => ({
  ...budget,
  amountNanos: BigInt(amount_nanos),
});

const missing = () => new AppError("not_found", "There is no such budget.");

export async function listBudgets(workspace: string, db: Db = prisma): Promise<BudgetRow[]> {
  const rows = await db.budget.findMany({
    where: { workspace },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    take: MOST_BUDGETS,
  });
  return rows.map(rowOf);
}

/** Throws `not_found`. */
export async function readBudget(
  workspace: string,
  id: string,
  db: Db = prisma,
): Promise<BudgetRow> {
  const row = await db.budget.findUnique({ where: { workspace_id: { workspace, id } } });
  if (!row) throw missing();
  return rowOf(row);
}

/** Throws `conflict` when there are too many. */
export async function saveBudget(
  workspace: string,
  budget: NewBudget,
  { now = new Date(), db = prisma as Db } = {},
): Promise<BudgetRow> {
  if ((await db.budget.count({ where: { workspace } })) >= MOST_BUDGETS)
    throw new AppError("conflict", `There are ${MOST_BUDGETS} budgets; delete one first.`);
  const id = `bdgt_${randomUUID().replaceAll("-", "")}`;
  return rowOf(
    await db.budget.create({ data: { workspace, id, createdAt: now, ...columnsOf(budget) } }),
  );
}

/** Throws `not_found`. */
export async function changeBudget(
  workspace: string,
  id: string,
  budget: NewBudget,
  db: Db = prisma,
): Promise<BudgetRow> {
  const where = { workspace, id };
  if ((await db.budget.updateMany({ where, data: columnsOf(budget) })).count === 0) throw missing();
  return rowOf(await db.budget.findUniqueOrThrow({ where: { workspace_id: where } }));
}

/** Throws `not_found`. */
export async function deleteBudget(workspace: string, id: string, db: Db = prisma): Promise<void> {
  const { count } = await db.budget.deleteMany({ where: { workspace, id } });
  if (count === 0) throw missing();
}
