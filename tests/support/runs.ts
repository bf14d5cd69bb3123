/**
 * How often a property of the database is tried: as said on the PostgreSQL that the product brings
 * along, a quarter of it on the second one, where only what differs between the two is in question.
 */
export const runs = (count: number): number =>
  process.env.TEST_POSTGRES_BIN ? Math.ceil(count / 4) : count;
