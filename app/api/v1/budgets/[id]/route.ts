import { BudgetItem, BudgetParams, NewBudget } from "@/lib/budgets/schema";
import { removeBudget, replaceBudget } from "@/lib/budgets/service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const PUT = route(
  {
    auth: "write",
    audit: "budget.changed",
    summary: "Give a budget other terms",
    params: BudgetParams,
    body: NewBudget,
    response: BudgetItem,
  },
  ({ caller, params, body }) => replaceBudget(caller.workspace, params.id, body),
);

export const DELETE = route(
  {
    auth: "write",
    audit: "budget.deleted",
    summary: "Delete a budget",
    params: BudgetParams,
    status: 204,
  },
  async ({ caller, params }) => {
    await removeBudget(caller.workspace, params.id);
    return undefined;
  },
);

export const { GET, POST, PATCH, OPTIONS } = otherMethods("PUT", "DELETE");
