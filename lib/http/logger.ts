import pino from "pino";
import { env } from "@/lib/env";

/** What cannot be written, on a full disk, say, is kept up to this and then dropped: it ends nothing. */
const MOST_UNWRITTEN_BYTES = 1 << 20;
const output = pino.destination({ fd: 1, sync: true, maxLength: MOST_UNWRITTEN_BYTES });
output.on("error", () => {});

/** Lines for the operator: what happened and how long it took, never content, keys or cookies. */
export const logger = pino(
  {
    level: env.NODE_ENV === "test" ? "silent" : "info",
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: ["authorization", "cookie", "headers", "*.authorization", "*.cookie"],
  },
  output,
);
