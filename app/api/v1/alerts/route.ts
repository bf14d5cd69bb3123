import { AlertsPage, AlertsQuery } from "@/lib/alerts/episode-schema";
import { readAlerts } from "@/lib/alerts/episode-service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const GET = route(
  { auth: "figures", summary: "Alerts now", query: AlertsQuery, response: AlertsPage },
  ({ caller, query }) => readAlerts(caller, query),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
