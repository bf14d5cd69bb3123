import { KINDS, said } from "./hostile-corpus";
import { agentIdOf, sessionIdOf } from "./hostile-fleet";

/** Ids of what was entered and has a page of its own. */
export type Entered = {
  rules: string[];
  beats: string[];
  episodes: string[];
  connection: string;
  delivery: string;
  rejected: string;
  change: string;
};

const ALL = "range=all";
const TURNED = KINDS.indexOf("turned");
const LONG = KINDS.indexOf("long");
const TABS = ["transcript", "spans", "events", "tools", "cost", "threads", "details"];
const agentPath = (at: number) => `/agents/${encodeURIComponent(agentIdOf(at))}?${ALL}`;

/** Every page there is, with all that was sent and entered on it. */
export const pagesOf = ({ rules, beats, episodes, connection, ...one }: Entered): string[] => [
  ...["/", "/import", "/account", "/rejected", `/rejected?item=${one.rejected}`],
  ...[`/sessions?${ALL}`, `/sessions?${ALL}&q=${encodeURIComponent(said("search", 0))}`],
  ...["agent", "environment", "tool", "metadata.tenant"].map((by) => `/costs?${ALL}&by=${by}`),
  ...[`/costs/reconcile?${ALL}`, `/costs/what-if?${ALL}&swap=*~claude-opus-5`],
  ...["agent", "error_type"].map((by) => `/failures?${ALL}&by=${by}`),
  ...["agents", "environments", "deployments", "resources"].map(
    (kind) => `/fleet?${ALL}&kind=${kind}`,
  ),
  ...[`/agents?${ALL}`, agentPath(0), agentPath(TURNED), agentPath(LONG)],
  ...["/alerts", "/alerts/rules", "/alerts/rules/new", "/alerts/channels", "/alerts/deliveries"],
  ...[`/alerts/deliveries?delivery=${one.delivery}`, "/alerts/silences"],
  ...[rules[TURNED], rules[LONG], beats[TURNED], beats[LONG]].map((id) => `/alerts/rules/${id}`),
  ...episodes.slice(0, 2).map((id) => `/alerts/episodes/${id}`),
  ...["/settings/connections", `/settings/connections/${connection}`],
  ...["prices", "dimensions", "masking", "retention", "people", "keys"].map(
    (page) => `/settings/${page}`,
  ),
  ...[`/settings/audit?${ALL}`, `/settings/audit?${ALL}&entry=${one.change}`],
  ...TABS.map(
    (tab) => `/sessions/${sessionIdOf(TURNED)}?tab=${tab}&event=${sessionIdOf(TURNED)}-use0`,
  ),
  // What the model thought, a type nobody knows, and a message between threads.
  ...[4, 16, 20].map(
    (nth) => `/sessions/${sessionIdOf(TURNED)}?tab=events&event=${sessionIdOf(TURNED)}-${nth}`,
  ),
  ...(["script", "address", "markdown", "stacked", "long"] as const).map(
    (kind) => `/sessions/${sessionIdOf(KINDS.indexOf(kind))}`,
  ),
];

const ONE = said("address", 0);
const IN_PATH = encodeURIComponent(ONE);
const query = (...names: string[]) =>
  new URLSearchParams(names.map((name) => [name, ONE])).toString();

/** Addresses that say it themselves, as somebody else's link would. */
export const REFLECTED = [
  `/nowhere/${IN_PATH}?${query("q")}#${IN_PATH}`,
  `/?${query("range", "tz", "compare", "from", "to")}#${IN_PATH}`,
  `/sessions?${query("q", "outcome", "agent", "sort", "order", "metadata.x", "columns")}`,
  `/sessions/${IN_PATH}`,
  `/sessions/${sessionIdOf(0)}?${query("tab", "q", "event", "thread", "connection", "at", "zoom")}`,
  `/agents/${IN_PATH}?${query("base", "version")}`,
  `/costs?${query("by", "agent", "model", "sort", "cost_centre")}`,
  `/costs/what-if?${query("swap", "tab", "cache")}`,
  `/failures?${query("by", "group", "sort")}`,
  `/fleet?${query("kind", "q", "sort")}`,
  `/alerts?${query("rule", "severity", "open")}`,
  `/alerts/rules/new?${query("rule", "draft")}`,
  `/alerts/rules/${IN_PATH}`,
  `/alerts/silences?${query("silence", "state")}`,
  `/alerts/deliveries?${query("delivery", "channel", "state")}`,
  `/settings/connections/${IN_PATH}`,
  `/settings/prices?${query("add", "tab")}`,
  `/settings/audit?${query("actor", "action", "target", "q", "entry")}`,
  `/rejected?${query("source", "item", "q")}`,
];

/** The same of those that anybody may open. */
export const REFLECTED_OUTSIDE = [
  `/sign-in?${query("next", "email", "error", "minutes", "with")}`,
  `/sign-in?error=password&${query("email")}&next=javascript:owned()`,
  `/sign-in/code?${query("next", "error", "minutes", "with")}`,
  `/setup?${query("token", "error", "name", "email")}`,
  `/invitation?${query("token", "error", "name")}`,
  `/new-password?${query("token", "error")}`,
  `/forgot?${query("email", "sent", "error")}`,
  `/sessions/${IN_PATH}?${query("q")}`,
];
