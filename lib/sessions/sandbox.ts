/** Built-in tools that work in a session's sandbox; those for the web, MCP servers' and own ones do not. */
export const SANDBOX_TOOLS = ["bash", "read", "write", "edit", "glob", "grep"] as const;
