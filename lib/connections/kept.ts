/** Refused webhooks kept of a connection, the newest. */
export const KEPT_FAILURES = 200;
/** For so long it is remembered which webhooks came and which were refused. */
export const KEPT_WEBHOOK_DAYS = 30;
