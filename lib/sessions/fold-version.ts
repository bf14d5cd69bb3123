/**
 * Of the rules by which sessions, spans and what metrics are summed of follow from events. Raised whenever
 * they come to other results: what an older version has left is then derived anew, and is partial meanwhile.
 */
export const FOLD_VERSION = 8;

/** In the place of a version, where a session is not to be derived anew: no fold has it. */
export const SEALED = -1;
