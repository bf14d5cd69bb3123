/** Sizes of what the session page asks for; the server's first answers must be asked for alike. */
export const FIRST_SPANS = 500;
export const WINDOW_SPANS = 2000;
export const EVENTS_PAGE = 200;
/** Event pages kept at once; beyond them the far end is let go and asked for again when scrolled to. */
export const EVENT_PAGES_KEPT = 15;
/** Sessions with more events get their timeline after the page stands. */
export const TIMELINE_AT_ONCE = 2000;
/** Characters of events that the page's HTML may carry along. */
export const MOST_IN_PAGE = 1_000_000;
export const MINIMAP_BUCKETS = 1000;
