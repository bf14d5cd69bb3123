import type { Tone } from "./sheet";

type Rgb = readonly [number, number, number];

/** How bad it is, as a colour; the word stands beside it everywhere. */
export const TONES: Record<Tone, Rgb> = {
  critical: [194, 65, 12],
  high: [217, 119, 6],
  warning: [202, 138, 4],
  info: [37, 99, 235],
  closed: [22, 163, 74],
};

export const hexOf = (tone: Tone): string =>
  `#${TONES[tone].map((part) => part.toString(16).padStart(2, "0")).join("")}`;
export const numberOf = (tone: Tone): number =>
  TONES[tone].reduce((sum, part) => sum * 256 + part, 0);
