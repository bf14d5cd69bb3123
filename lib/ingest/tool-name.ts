import { cleanText } from "./canonical";
import type { JsonObject } from "./schema";

/** The tool that a use names, as its span is called. */
export const usedTool = ({ name }: JsonObject): string =>
  typeof name === "string" && name !== "" ? cleanText(name) : "unnamed tool";
