/** The name under which texts are hidden that take more work than any is worth. */
export const WORK_LIMIT = "work_limit";

/** What is left of the work that one item may cost above what is in proportion to it, in characters read. */
export type Work = { left: number };

/** About a second. */
const ITEM_WORK = 10_000_000;
/** Of a text that somebody tries rules on, who is not to keep others waiting. */
const TRIED_WORK = 2_000_000;

export const workOfItem = (): Work => ({ left: ITEM_WORK });
export const workOfTrial = (): Work => ({ left: TRIED_WORK });

/** Thrown out of the midst of a search; whoever masks the text hides all of it. */
export class OutOfWork extends Error {}

export function spend(work: Work, reads: number): void {
  work.left -= reads;
  if (isSpent(work)) throw new OutOfWork();
}

export const isSpent = ({ left }: Work): boolean => left < 0;
