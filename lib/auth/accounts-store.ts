import { prismaAdapter } from "better-auth/adapters/prisma";
import { prisma } from "@/lib/db/client";
import { withHashedTokens } from "./hashed-tokens";

/** The tables of people, as better-auth reads and writes them. */
export const accountTables = () =>
  withHashedTokens(prismaAdapter(prisma, { provider: "postgresql" }));
