import type { IncomingMessage, ServerResponse } from "node:http";

export function refuse(request: IncomingMessage, response: ServerResponse): boolean;
