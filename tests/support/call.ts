import type { RouteHandler } from "@/lib/http/route";

type Call = {
  method?: string;
  headers?: Record<string, string>;
  json?: unknown;
  body?: BodyInit;
  /** Values of the path's parts in brackets. */
  params?: Record<string, string>;
};

export type Answer = { status: number; headers: Headers; body: unknown; text: string };

/** Calls a route's handler as Next would, and reads the answer. */
export async function call(
  handler: RouteHandler,
  path: string,
  { method = "GET", headers = {}, json, body, params = {} }: Call = {},
): Promise<Answer> {
  const sent = json === undefined ? body : JSON.stringify(json);
  const request = new Request(`http://localhost:3000${path}`, {
    method,
    headers: {
      host: "localhost:3000",
      ...(json === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(sent === undefined ? {} : { body: sent }),
  });
  const response = await handler(request, { params: Promise.resolve(params) });
  const isEndless = response.headers.get("content-type")?.startsWith("text/event-stream");
  const text = isEndless ? await beginningOf(response) : await response.text();
  const isJson = response.headers.get("content-type")?.startsWith("application/json");
  return {
    status: response.status,
    headers: response.headers,
    body: isJson ? JSON.parse(text) : null,
    text,
  };
}

async function beginningOf(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  const first = await reader?.read();
  await reader?.cancel();
  return new TextDecoder().decode(first?.value);
}
