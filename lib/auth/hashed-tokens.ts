import type { DBAdapter, DBAdapterInstance, Where } from "better-auth";
import { sha256 } from "./secrets";

const SESSION = "session";

/**
 * better-auth keeps the secrets of its sessions as they are. Under this adapter the database holds
 * their SHA-256 alone: hashed on the way in and in every condition, given back as they came.
 */
export function withHashedTokens(inner: DBAdapterInstance): DBAdapterInstance {
  return (options) => {
    const adapter = inner(options);
    const hashed: Partial<DBAdapter> = {
      create: async (given) => {
        if (given.model !== SESSION) return adapter.create(given);
        const token = String(Object(given.data).token);
        const row = await adapter.create({
          ...given,
          data: { ...given.data, token: sha256(token) },
        });
        return { ...row, token } as never;
      },
      findOne: async (given) => {
        const row = await adapter.findOne(searched(given));
        const asked = given.where?.find(({ field }) => field === "token")?.value;
        return (row && given.model === SESSION && asked ? { ...row, token: asked } : row) as never;
      },
      findMany: (given) => adapter.findMany(searched(given)),
      count: (given) => adapter.count(searched(given)),
      update: (given) => adapter.update(searched(given)),
      updateMany: (given) => adapter.updateMany(searched(given)),
      delete: (given) => adapter.delete(searched(given)),
      deleteMany: (given) => adapter.deleteMany(searched(given)),
    };
    return { ...adapter, ...hashed };
  };
}

function searched<T extends { model: string; where?: Where[] }>(given: T): T {
  if (given.model !== SESSION || !given.where) return given;
  return { ...given, where: given.where.map(hashedCondition) };
}

function hashedCondition(condition: Where): Where {
  const { field, value } = condition;
  if (field !== "token") return condition;
  if (Array.isArray(value)) return { ...condition, value: value.map((one) => sha256(String(one))) };
  return { ...condition, value: sha256(String(value)) };
}
