/** Why nothing is looked at now, and until when. */
export const waitWords = (why: string, minutes: string): string =>
  `${why} Wait ${minutes === "1" ? "a minute" : `${minutes} minutes`}, then try again.`;
