import { BudgetItem, BudgetsPage, NewBudget } from "@/lib/budgets/schema";
import { createBudget, readBudgets } from "@/lib/budgets/service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const GET = route(
  { auth: "figures", summary: "Budgets, and how far they are", response: BudgetsPage },
  ({ caller }) => readBudgets(caller.workspace),
);

export const POST = route(
  {
    auth: "write",
    audit: "budget.created",
    summary: "Make a budget",
    body: NewBudget,
    response: BudgetItem,
    status: 201,
  },
  ({ caller, body }) => createBudget(caller.workspace, body),
);

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET", "POST");
