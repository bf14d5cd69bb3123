/** The page of one agent. */
export const agentPath = (id: string) => `/agents/${encodeURIComponent(id)}`;
