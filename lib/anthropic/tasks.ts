/** Jobs that read a connection. Their names stand apart from what they do, which loads the SDK. Payload: `ConnectionJob`. */
export const TURN_TASK = "sync_turn";
export const BACKFILL_TASK = "sync_backfill";
export const SWEEP_TASK = "sync_sweep";
export const BILLING_TASK = "sync_billing";
