import type { RuleItem } from "@/lib/alerts/rules-schema";

/** So many episodes say something, and such a share of them in vain is too much. */
const ENOUGH = 4;
const NOISY = 0.5;

/** Whether it is worth asking what a longer wait would change. */
export const isNoisy = ({ noise, fired_7d }: RuleItem): boolean =>
  noise !== null && noise >= NOISY && fired_7d >= ENOUGH;
