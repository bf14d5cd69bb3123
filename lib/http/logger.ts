import pino from "pino";
import { env } from "@/lib/env";

/** Lines for the operator: what happened and how long it took, never content, keys or cookies. */
export const logger = pino({
  level: env.NODE_ENV === "test" ? "silent" : "info",
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
  redact: ["authorization", "cookie", "headers", "*.authorization", "*.cookie"],
});
