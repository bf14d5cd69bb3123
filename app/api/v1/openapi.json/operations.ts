import * as agentComparison from "@/app/api/v1/agents/[id]/compare/route";
import * as agent from "@/app/api/v1/agents/[id]/route";
import * as agents from "@/app/api/v1/agents/route";
import * as alerts from "@/app/api/v1/alerts/route";
import * as auditExport from "@/app/api/v1/audit/export/route";
import * as audit from "@/app/api/v1/audit/route";
import * as budget from "@/app/api/v1/budgets/[id]/route";
import * as budgetCoverage from "@/app/api/v1/budgets/coverage/route";
import * as budgets from "@/app/api/v1/budgets/route";
import * as channel from "@/app/api/v1/channels/[id]/route";
import * as channelTest from "@/app/api/v1/channels/[id]/test/route";
import * as channels from "@/app/api/v1/channels/route";
import * as webhookDeliveries from "@/app/api/v1/connections/[id]/deliveries/route";
import * as webhookFailures from "@/app/api/v1/connections/[id]/failures/route";
import * as gaps from "@/app/api/v1/connections/[id]/gaps/route";
import * as connection from "@/app/api/v1/connections/[id]/route";
import * as connectionTest from "@/app/api/v1/connections/[id]/test/route";
import * as connections from "@/app/api/v1/connections/route";
import * as keyTest from "@/app/api/v1/connections/test/route";
import * as cacheSavings from "@/app/api/v1/costs/cache/route";
import * as costEstimate from "@/app/api/v1/costs/estimate/route";
import * as chargeback from "@/app/api/v1/costs/export/route";
import * as forecast from "@/app/api/v1/costs/forecast/route";
import * as whatIf from "@/app/api/v1/costs/what-if/route";
import * as deliveryReplay from "@/app/api/v1/deliveries/[id]/replay/route";
import * as delivery from "@/app/api/v1/deliveries/[id]/route";
import * as deliveries from "@/app/api/v1/deliveries/route";
import * as demo from "@/app/api/v1/demo/route";
import * as dimensions from "@/app/api/v1/dimensions/route";
import * as episodeAcknowledgement from "@/app/api/v1/episodes/[id]/acknowledgement/route";
import * as episodeNotes from "@/app/api/v1/episodes/[id]/notes/route";
import * as episode from "@/app/api/v1/episodes/[id]/route";
import * as episodes from "@/app/api/v1/episodes/route";
import * as affected from "@/app/api/v1/failures/affected/route";
import * as errorGroups from "@/app/api/v1/failures/groups/route";
import * as groupSessions from "@/app/api/v1/failures/groups/sessions/route";
import * as stuck from "@/app/api/v1/failures/stuck/route";
import * as fleetAgents from "@/app/api/v1/fleet/agents/route";
import * as fleetDeployments from "@/app/api/v1/fleet/deployments/route";
import * as fleetEnvironments from "@/app/api/v1/fleet/environments/route";
import * as fleetResources from "@/app/api/v1/fleet/resources/route";
import * as fleet from "@/app/api/v1/fleet/route";
import * as health from "@/app/api/v1/health/route";
import * as heartbeat from "@/app/api/v1/heartbeats/[name]/route";
import * as heartbeats from "@/app/api/v1/heartbeats/route";
import * as ingest from "@/app/api/v1/ingest/route";
import * as live from "@/app/api/v1/live/route";
import * as agentMarkers from "@/app/api/v1/markers/route";
import * as masking from "@/app/api/v1/masking/route";
import * as maskingRun from "@/app/api/v1/masking/runs/[id]/route";
import * as maskingRuns from "@/app/api/v1/masking/runs/route";
import * as maskingTest from "@/app/api/v1/masking/test/route";
import * as catalogue from "@/app/api/v1/metrics/catalogue/route";
import * as metricsExport from "@/app/api/v1/metrics/export/route";
import * as metrics from "@/app/api/v1/metrics/route";
import * as muteTiming from "@/app/api/v1/mute-timings/[id]/route";
import * as muteTimings from "@/app/api/v1/mute-timings/route";
import * as pulse from "@/app/api/v1/notify-settings/pulse/route";
import * as notifySettings from "@/app/api/v1/notify-settings/route";
import * as overview from "@/app/api/v1/overview/route";
import * as repricing from "@/app/api/v1/prices/repricings/[id]/route";
import * as repricings from "@/app/api/v1/prices/repricings/route";
import * as prices from "@/app/api/v1/prices/route";
import * as priceVersion from "@/app/api/v1/prices/versions/[number]/route";
import * as priceVersions from "@/app/api/v1/prices/versions/route";
import * as billed from "@/app/api/v1/reconcile/billed/route";
import * as reconcileExport from "@/app/api/v1/reconcile/export/route";
import * as reconcile from "@/app/api/v1/reconcile/route";
import * as reconcileSessions from "@/app/api/v1/reconcile/sessions/route";
import * as rejectedRetry from "@/app/api/v1/rejected/[id]/retry/route";
import * as rejectedItem from "@/app/api/v1/rejected/[id]/route";
import * as rejectedCounts from "@/app/api/v1/rejected/counts/route";
import * as rejectedRetryMany from "@/app/api/v1/rejected/retry/route";
import * as rejected from "@/app/api/v1/rejected/route";
import * as alertRoute from "@/app/api/v1/routes/[id]/route";
import * as routeOrder from "@/app/api/v1/routes/order/route";
import * as routePreview from "@/app/api/v1/routes/preview/route";
import * as alertRoutes from "@/app/api/v1/routes/route";
import * as rule from "@/app/api/v1/rules/[id]/route";
import * as ruleSuggestion from "@/app/api/v1/rules/[id]/suggestion/route";
import * as ruleTest from "@/app/api/v1/rules/[id]/test/route";
import * as ruleVersions from "@/app/api/v1/rules/[id]/versions/route";
import * as ruleBacktest from "@/app/api/v1/rules/backtest/route";
import * as rulesExport from "@/app/api/v1/rules/export/route";
import * as rulePreview from "@/app/api/v1/rules/preview/route";
import * as rules from "@/app/api/v1/rules/route";
import * as ruleThresholds from "@/app/api/v1/rules/thresholds/route";
import * as events from "@/app/api/v1/sessions/[id]/events/route";
import * as find from "@/app/api/v1/sessions/[id]/find/route";
import * as sessionLive from "@/app/api/v1/sessions/[id]/live/route";
import * as minimap from "@/app/api/v1/sessions/[id]/minimap/route";
import * as sessionRetained from "@/app/api/v1/sessions/[id]/retained/route";
import * as session from "@/app/api/v1/sessions/[id]/route";
import * as tools from "@/app/api/v1/sessions/[id]/tools/route";
import * as trace from "@/app/api/v1/sessions/[id]/trace/route";
import * as turns from "@/app/api/v1/sessions/[id]/turns/route";
import * as counts from "@/app/api/v1/sessions/counts/route";
import * as exported from "@/app/api/v1/sessions/export/route";
import * as sessions from "@/app/api/v1/sessions/route";
import * as silence from "@/app/api/v1/silences/[id]/route";
import * as silencePreview from "@/app/api/v1/silences/preview/route";
import * as silences from "@/app/api/v1/silences/route";
import * as view from "@/app/api/v1/views/[id]/route";
import * as views from "@/app/api/v1/views/route";
import type { DocumentedRoute } from "@/lib/http/openapi";
import { PEOPLE_ROUTES } from "./people-operations";
import { RETENTION_ROUTES } from "./retention-operations";

/** Every route of /api/v1 but the document's own. */
export const ROUTES: readonly DocumentedRoute[] = [
  ["/api/v1/health", health],
  ["/api/v1/ingest", ingest],
  ["/api/v1/sessions", sessions],
  ["/api/v1/sessions/counts", counts],
  ["/api/v1/sessions/export", exported],
  ["/api/v1/sessions/{id}", session],
  ["/api/v1/sessions/{id}/events", events],
  ["/api/v1/sessions/{id}/trace", trace],
  ["/api/v1/sessions/{id}/find", find],
  ["/api/v1/sessions/{id}/retained", sessionRetained],
  ["/api/v1/sessions/{id}/live", sessionLive],
  ["/api/v1/sessions/{id}/minimap", minimap],
  ["/api/v1/sessions/{id}/tools", tools],
  ["/api/v1/sessions/{id}/turns", turns],
  ["/api/v1/live", live],
  ["/api/v1/overview", overview],
  ["/api/v1/metrics", metrics],
  ["/api/v1/metrics/catalogue", catalogue],
  ["/api/v1/metrics/export", metricsExport],
  ["/api/v1/dimensions", dimensions],
  ["/api/v1/masking", masking],
  ["/api/v1/masking/runs", maskingRuns],
  ["/api/v1/masking/runs/{id}", maskingRun],
  ["/api/v1/masking/test", maskingTest],
  ["/api/v1/agents", agents],
  ["/api/v1/markers", agentMarkers],
  ["/api/v1/agents/{id}", agent],
  ["/api/v1/agents/{id}/compare", agentComparison],
  ["/api/v1/costs/forecast", forecast],
  ["/api/v1/costs/what-if", whatIf],
  ["/api/v1/costs/estimate", costEstimate],
  ["/api/v1/costs/cache", cacheSavings],
  ["/api/v1/costs/export", chargeback],
  ["/api/v1/budgets", budgets],
  ["/api/v1/budgets/coverage", budgetCoverage],
  ["/api/v1/budgets/{id}", budget],
  ["/api/v1/failures/groups", errorGroups],
  ["/api/v1/failures/groups/sessions", groupSessions],
  ["/api/v1/failures/affected", affected],
  ["/api/v1/failures/stuck", stuck],
  ["/api/v1/alerts", alerts],
  ["/api/v1/episodes", episodes],
  ["/api/v1/episodes/{id}", episode],
  ["/api/v1/episodes/{id}/acknowledgement", episodeAcknowledgement],
  ["/api/v1/episodes/{id}/notes", episodeNotes],
  ["/api/v1/rules", rules],
  ["/api/v1/rules/export", rulesExport],
  ["/api/v1/rules/preview", rulePreview],
  ["/api/v1/rules/backtest", ruleBacktest],
  ["/api/v1/rules/thresholds", ruleThresholds],
  ["/api/v1/rules/{id}", rule],
  ["/api/v1/rules/{id}/test", ruleTest],
  ["/api/v1/rules/{id}/versions", ruleVersions],
  ["/api/v1/rules/{id}/suggestion", ruleSuggestion],
  ["/api/v1/heartbeats", heartbeats],
  ["/api/v1/heartbeats/{name}", heartbeat],
  ["/api/v1/reconcile", reconcile],
  ["/api/v1/reconcile/sessions", reconcileSessions],
  ["/api/v1/reconcile/billed", billed],
  ["/api/v1/reconcile/export", reconcileExport],
  ["/api/v1/prices", prices],
  ["/api/v1/prices/repricings", repricings],
  ["/api/v1/prices/repricings/{id}", repricing],
  ["/api/v1/prices/versions", priceVersions],
  ["/api/v1/prices/versions/{number}", priceVersion],
  ["/api/v1/fleet", fleet],
  ["/api/v1/fleet/agents", fleetAgents],
  ["/api/v1/fleet/deployments", fleetDeployments],
  ["/api/v1/fleet/environments", fleetEnvironments],
  ["/api/v1/fleet/resources", fleetResources],
  ["/api/v1/views", views],
  ["/api/v1/views/{id}", view],
  ["/api/v1/rejected", rejected],
  ["/api/v1/rejected/counts", rejectedCounts],
  ["/api/v1/rejected/retry", rejectedRetryMany],
  ["/api/v1/rejected/{id}", rejectedItem],
  ["/api/v1/rejected/{id}/retry", rejectedRetry],
  ...RETENTION_ROUTES,
  ...PEOPLE_ROUTES,
  ["/api/v1/audit", audit],
  ["/api/v1/audit/export", auditExport],
  ["/api/v1/connections", connections],
  ["/api/v1/connections/test", keyTest],
  ["/api/v1/connections/{id}", connection],
  ["/api/v1/connections/{id}/test", connectionTest],
  ["/api/v1/connections/{id}/deliveries", webhookDeliveries],
  ["/api/v1/connections/{id}/failures", webhookFailures],
  ["/api/v1/connections/{id}/gaps", gaps],
  ["/api/v1/routes", alertRoutes],
  ["/api/v1/routes/order", routeOrder],
  ["/api/v1/routes/preview", routePreview],
  ["/api/v1/routes/{id}", alertRoute],
  ["/api/v1/silences", silences],
  ["/api/v1/silences/preview", silencePreview],
  ["/api/v1/silences/{id}", silence],
  ["/api/v1/mute-timings", muteTimings],
  ["/api/v1/mute-timings/{id}", muteTiming],
  ["/api/v1/notify-settings", notifySettings],
  ["/api/v1/notify-settings/pulse", pulse],
  ["/api/v1/channels", channels],
  ["/api/v1/channels/{id}", channel],
  ["/api/v1/channels/{id}/test", channelTest],
  ["/api/v1/deliveries", deliveries],
  ["/api/v1/deliveries/{id}", delivery],
  ["/api/v1/deliveries/{id}/replay", deliveryReplay],
  ["/api/v1/demo", demo],
];
