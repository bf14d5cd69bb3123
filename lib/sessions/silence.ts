/** A session that runs and tells nothing for so long is silent. */
export const SILENT_MINUTES = 10;
