/** What errors have in common that are counted together. What does not exist for them is ''. */
export type ErrorGroup = {
  kind: "session" | "tool" | "workflow";
  /** Of a session's or a workflow's error. */
  errorType: string;
  tool: string;
  mcpServer: string;
  /** As `normalMessage` of lib/failures leaves it. */
  message: string;
};

const MOST_CHARACTERS = 64;
const KINDS = ["session", "tool", "workflow"] as const;

/** The parts with tabs between them; names are cut, so that a key fits an index and a query. */
export function groupKey({ kind, errorType, tool, mcpServer, message }: ErrorGroup): string {
  const names = [errorType, tool, mcpServer].map((name) =>
    [...name.replaceAll(/\s/g, " ")].slice(0, MOST_CHARACTERS).join(""),
  );
  return [kind, ...names, message.replaceAll("\t", " ")].join("\t");
}

/** The parts of a key; null of anything that is none. */
export function groupOfKey(key: string): ErrorGroup | null {
  const [first, errorType, tool, mcpServer, message, ...more] = key.split("\t");
  const kind = KINDS.find((name) => name === first);
  if (!kind || message === undefined || more.length > 0) return null;
  return {
    kind,
    errorType: errorType ?? "",
    tool: tool ?? "",
    mcpServer: mcpServer ?? "",
    message,
  };
}
