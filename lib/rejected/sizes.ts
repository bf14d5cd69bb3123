/** Characters of a body that a list shows. */
export const SHOWN_CHARS = 2_000;
/** Bodies up to this many bytes can be changed where they are; larger ones by their sender. */
export const EDITABLE_BYTES = 256 * 1024;
/** Of what can be filtered, the newest this many are counted. */
export const MOST_COUNTED = 20_000;
/** Characters of a value to filter by. */
export const MOST_CHARS = 256;
