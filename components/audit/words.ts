import { ACTIONS, type Action, type Kind, kindOf } from "@/lib/audit/actions";
import type { Actor } from "@/lib/audit/schema";

export const KIND_WORDS: Record<Kind, string> = {
  access: "Sign-ins",
  person: "People",
  break_glass: "Break-glass",
  key: "API keys",
  secret: "Stored secrets",
  connection: "Connections",
  rule: "Rules",
  episode: "Episodes",
  heartbeat: "Heartbeats",
  channel: "Channels",
  route: "Routes",
  silence: "Silences",
  mute_timing: "Mute timings",
  notify_settings: "Settings of messages",
  delivery: "Deliveries",
  budget: "Budgets",
  prices: "Prices",
  masking: "Masking",
  retention: "Retention",
  hold: "Legal holds",
  erasure: "Erasures",
  repricing: "Re-pricing",
  dimension: "Dimensions",
  view: "Saved views",
  demo: "Demo fleet",
  data: "Imports",
  rejected: "Rejected items",
  session: "Sessions",
  metrics: "Metrics",
  chargeback: "Chargeback",
  reconcile: "Reconcile",
  audit: "Audit log",
};

/** Where kind and verb do not make the words by themselves. */
const ACTION_WORDS: Partial<Record<Action, string>> = {
  "access.signed_in": "Signed in",
  "access.refused": "Sign-in refused",
  "access.code_refused": "Code refused after the right password",
  "access.signed_out": "Signed out",
  "access.set_up": "Set-up link used",
  "access.password_set": "Password set",
  "access.browser_ended": "Browser signed out from elsewhere",
  "access.settings_changed": "Settings of signing in changed",
  "access.second_factor_on": "Second factor switched on",
  "access.second_factor_off": "Second factor switched off",
  "access.backup_codes_made": "New backup codes",
  "access.provider_linked": "Account of the provider linked",
  "access.locked_out": "Too many attempts: made to wait",
  "access.link_made": "Set-up link made",
  "key.refused": "Key refused",
  "person.invited": "Somebody invited",
  "person.uninvited": "Invitation taken back",
  "person.joined": "Invitation accepted",
  "person.changed": "Role or break-glass changed",
  "person.link_made": "Link for a new password made",
  "person.second_factor_reset": "Somebody's second factor reset",
  "connection.purged": "Connection's sessions removed",
  "break_glass.opened": "Content opened by a break-glass",
  "break_glass.closed": "Break-glass closed",
  "break_glass.viewed": "Content looked at under a break-glass",
  "key.created": "API key created",
  "key.rotated": "API key rotated",
  "key.revoked": "API key revoked",
  "secret.rotated": "Stored secrets sealed with a new key",
  "secret.forgotten": "Stored secrets cleared, their key being lost",
  "episode.noted": "Note on an episode",
  "route.ordered": "Routes put in order",
  "notify_settings.changed": "Settings of messages changed",
  "delivery.replayed": "Message sent again",
  "repricing.started": "Re-pricing started",
  "repricing.stopped": "Re-pricing stopped",
  "masking.changed": "Rules of masking changed",
  "masking.asked": "Masking of what is stored asked for",
  "masking.stopped": "Masking of what is stored stopped",
  "masking.applied": "What is stored masked",
  "retention.asked": "Retention asked to begin",
  "retention.applied": "Retention dropped what was due",
  "hold.placed": "Legal hold placed",
  "hold.lifted": "Legal hold lifted",
  "erasure.asked": "Erasure asked for",
  "erasure.done": "Sessions erased",
  "erasure.failed": "Erasure given up",
  "dimension.promoted": "Metadata key promoted",
  "dimension.demoted": "Promotion taken back",
  "demo.requested": "Demo fleet made",
  "demo.removed": "Demo fleet removed",
  "rejected.retried": "Rejected items tried again",
  "rejected.deleted": "Rejected items deleted",
  "session.viewed": "Session's content viewed",
  "session.interrupt_tried": "Interrupt about to be sent",
  "session.interrupted": "Session interrupted",
  "session.interrupt_failed": "Interrupt failed",
  "session.interrupt_withheld": "Interrupt not sent",
  "session.interrupt_noted": "Interrupt in a dry run",
  "rule.exported": "Rules exported",
  "session.exported": "Sessions exported",
  "audit.exported": "Audit log exported",
  "audit.forgotten": "Old entries forgotten",
};

/** An action as the head of its row: "Rule changed". */
export function actionWords(action: string): string {
  const known = ACTION_WORDS[action as Action];
  if (known) return known;
  const words = action.replace(/[._]/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** All actions by kind, for a choice. */
export const ACTION_CHOICES = Object.entries(ACTIONS).map(([kind, verbs]) => ({
  kind,
  words: KIND_WORDS[kind as Kind],
  actions: verbs.map((verb) => `${kind}.${verb}`),
}));

export const ACTOR_WORDS: Record<Actor["kind"], string> = {
  person: "person",
  key: "API key",
  browser: "browser",
  rule: "rule",
  system: "Watchkeeper",
};

const PAGES: Partial<Record<Kind, (id: string) => string>> = {
  break_glass: () => "/settings/people",
  session: (id) => `/sessions/${id}`,
  rule: (id) => `/alerts/rules/${id}`,
  episode: (id) => `/alerts/episodes/${id}`,
  connection: (id) => `/settings/connections/${id}`,
  channel: () => "/alerts/channels",
  route: () => "/alerts/channels",
  silence: () => "/alerts/silences",
  budget: () => "/costs",
  prices: () => "/settings/prices",
  masking: () => "/settings/masking",
  dimension: () => "/settings/dimensions",
};

/** The page of what an entry is about, where it has one and is not gone. */
export function pageOf(action: string, id: string | null): string | null {
  if (id === null || /\.(deleted|purged|removed|revoked|demoted)$/.test(action)) return null;
  return PAGES[kindOf(action) as Kind]?.(encodeURIComponent(id)) ?? null;
}
