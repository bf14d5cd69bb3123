/** Sizes of what the session page asks for; the server's first answers must be asked for alike. */
export const FIRST_SPANS = 500;
export const WINDOW_SPANS = 2000;
export const EVENTS_PAGE = 200;
/** Event pages kept at once: with them about 10,000 events can be scrolled without asking again. */
export const EVENT_PAGES_KEPT = 50;
export const MINIMAP_BUCKETS = 1000;
