import type { Deed } from "@/lib/audit/service";
import type { OpenBreakGlass } from "./schema";

/** Where in time and how much of it: not another question. */
const WHERE = new Set(["from", "to", "cursor", "limit"]);

/** What is recorded of a question that was answered under a break-glass: each question once. */
export function lookOf({ id }: OpenBreakGlass, method: string, url: string): Deed {
  const { pathname, searchParams } = new URL(url, "http://localhost");
  const asked = `${method} ${pathname}`;
  const by = [...searchParams].filter(([name]) => !WHERE.has(name)).sort();
  return {
    ...{ action: "break_glass.viewed", target: { id, name: asked } },
    after: { asked, ...(by.length > 0 ? { by } : {}) },
    once: JSON.stringify([id, asked, by]),
  };
}
