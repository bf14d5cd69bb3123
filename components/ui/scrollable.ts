/** Spread on a box that scrolls by itself and holds nothing focusable, so that the keyboard reaches it. */
export const SCROLLABLE = { tabIndex: 0 } as const;
