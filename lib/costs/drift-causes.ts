/** Why our figure and the list cost differ, in this order. None beyond half a cent: unexplained. */
export const DRIFT_CAUSES = [
  "rounding",
  "unknown_model",
  "missing_thread",
  "missing_split",
  "late_events",
  "modifier",
  "grader_model",
  "own_terms",
  "price",
] as const;

/** `exact`: no drift at all. `unexplained`: beyond rounding, and nothing known explains it. */
export const RECONCILE_CAUSES = ["exact", ...DRIFT_CAUSES, "unexplained"] as const;

/** What became of reading a session's lists once more. */
export const RELIST_STATES = ["waiting", "different", "mended", "unavailable"] as const;
