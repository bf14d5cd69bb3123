/**
 * Of the rules by which sessions, spans and what metrics are summed of follow from events. Raised whenever
 * they come to other results: what an older version has left is then derived anew, and is partial meanwhile.
 */
export const FOLD_VERSION = 8;
