import { Forecast, ForecastQuery } from "@/lib/budgets/schema";
import { readForecast } from "@/lib/budgets/service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const GET = route(
  {
    auth: "figures",
    summary: "What a period's cost will probably be at its end",
    query: ForecastQuery,
    response: Forecast,
  },
  ({ caller, query }) => readForecast(caller.workspace, query),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
