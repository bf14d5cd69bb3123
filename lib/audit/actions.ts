/** All that is recorded, by what it is done to; an action's name is both, with a dot between. */
export const ACTIONS = {
  access: [
    ...(["signed_in", "refused", "code_refused", "signed_out", "set_up"] as const),
    ...(["password_set", "browser_ended", "settings_changed"] as const),
    ...(["second_factor_on", "second_factor_off", "backup_codes_made"] as const),
    ...(["provider_linked", "locked_out", "link_made"] as const),
  ],
  person: [
    ...(["invited", "uninvited", "joined", "changed", "removed", "link_made"] as const),
    "second_factor_reset",
  ],
  break_glass: ["opened", "closed", "viewed"],
  key: ["created", "rotated", "revoked", "refused"],
  secret: ["rotated", "forgotten"],
  connection: ["created", "changed", "deleted", "purged"],
  rule: ["created", "changed", "deleted", "tested", "exported"],
  episode: ["acknowledged", "noted"],
  heartbeat: ["deleted"],
  channel: ["created", "changed", "deleted", "tested"],
  route: ["created", "changed", "deleted", "ordered"],
  silence: ["created", "changed", "ended"],
  mute_timing: ["created", "changed", "deleted"],
  notify_settings: ["changed"],
  delivery: ["replayed"],
  budget: ["created", "changed", "deleted"],
  prices: ["changed"],
  masking: ["changed", "asked", "stopped", "applied"],
  retention: ["changed", "asked", "applied"],
  hold: ["placed", "lifted"],
  erasure: ["asked", "done", "failed"],
  repricing: ["started", "stopped"],
  dimension: ["promoted", "demoted"],
  view: ["saved", "deleted"],
  demo: ["requested", "removed"],
  data: ["imported"],
  rejected: ["retried", "deleted"],
  session: [
    ...(["viewed", "exported", "deleted"] as const),
    ...(["interrupt_tried", "interrupted", "interrupt_failed"] as const),
    ...(["interrupt_withheld", "interrupt_noted"] as const),
  ],
  metrics: ["exported"],
  chargeback: ["exported"],
  reconcile: ["exported"],
  audit: ["exported", "forgotten"],
} as const;

export type Kind = keyof typeof ACTIONS;
export type Action = { [K in Kind]: `${K}.${(typeof ACTIONS)[K][number]}` }[Kind];

/**
 * Of these kinds, entries can name sessions and what they say of themselves: an erasure takes that out of
 * them, and changes no others. The log's trigger holds the same list.
 */
export const KINDS_OF_SESSIONS = [
  ...(["session", "metrics", "chargeback", "reconcile", "audit", "rule", "episode"] as const),
  ...(["route", "silence", "budget", "view", "hold", "erasure", "rejected"] as const),
] satisfies readonly Kind[];

export const kindOf = (action: string): string => action.slice(0, action.indexOf("."));
