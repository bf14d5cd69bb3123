/**
 * How often a property of the database is tried: as said by whoever works at it, half as often in CI,
 * where each run tries others, and a quarter of it on the second PostgreSQL, where only what differs
 * between the two is in question.
 */
export const runs = (count: number): number => {
  const share = process.env.TEST_POSTGRES_BIN ? 4 : process.env.TEST_IN_CI ? 2 : 1;
  return Math.ceil(count / share);
};
