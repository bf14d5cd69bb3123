import type { RawItem } from "./schema";

/** An item as the line of NDJSON that ingest would read it from. */
export function lineOf({ kind, sessionId, threadId, data }: Omit<RawItem, "index">): string {
  if (kind !== "event") return wholeJson({ kind, data });
  return wholeJson({ kind, session_id: sessionId, session_thread_id: threadId, data });
}

/** The engine's own writer gives up some thousand levels down; a value came from JSON, so it holds no circle. */
function wholeJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return writtenOut(value);
  }
}

type Step = { text: string } | { value: unknown };

/** The same, with a stack of its own. */
function writtenOut(whole: unknown): string {
  const parts: string[] = [];
  const todo: Step[] = [{ value: whole }];
  for (let step = todo.pop(); step; step = todo.pop()) {
    if ("text" in step) parts.push(step.text);
    else if (typeof step.value !== "object" || step.value === null)
      parts.push(JSON.stringify(step.value) ?? "null");
    else for (const next of stepsOf(step.value).reverse()) todo.push(next);
  }
  return parts.join("");
}

function stepsOf(value: object): Step[] {
  if (Array.isArray(value)) {
    const items = value.flatMap((item): Step[] => [{ text: "," }, { value: item }]);
    return [{ text: "[" }, ...items.slice(1), { text: "]" }];
  }
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  const items = members.flatMap(([key, member], at): Step[] => [
    { text: `${at === 0 ? "" : ","}${JSON.stringify(key)}:` },
    { value: member },
  ]);
  return [{ text: "{" }, ...items, { text: "}" }];
}
