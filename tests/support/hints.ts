import type { RouteHandler } from "@/lib/http/route";

export type Hint = { name: string; data: unknown };

export type OpenHints = {
  status: number;
  headers: Headers;
  /** What has come so far; comments are named "". */
  hints: Hint[];
  /** How often changes were told, and of which sessions the last time. */
  changes(): unknown[];
  isOpen(): boolean;
  close(): Promise<void>;
  /** Goes as a browser goes whose window is closed. */
  abort(): void;
};

/** A stream of hints, read as it comes until it is closed. */
export async function openHints(
  handler: RouteHandler,
  { headers = {}, id }: { headers?: Record<string, string>; id?: string },
): Promise<OpenHints> {
  const gone = new AbortController();
  const request = new Request("http://localhost:3000/x", { headers, signal: gone.signal });
  const params = Promise.resolve(id === undefined ? {} : { id });
  const response = await handler(request, { params });
  const reader = response.body?.getReader();
  const hints: Hint[] = [];
  let open = true;
  const reading = (async () => {
    let text = "";
    const decoder = new TextDecoder();
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true };
      if (done) break;
      const parts = (text + decoder.decode(value, { stream: true })).split("\n\n");
      text = parts.pop() ?? "";
      for (const part of parts) hints.push(hintOf(part));
    }
    open = false;
  })();
  return {
    status: response.status,
    headers: response.headers,
    hints,
    changes: () => hints.filter(({ name }) => name === "changed").map(({ data }) => data),
    isOpen: () => open,
    close: async () => {
      await reader?.cancel();
      await reading;
    },
    abort: () => gone.abort(),
  };
}

function hintOf(part: string): Hint {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(part)?.[1];
  const data = field("data");
  return { name: field("event") ?? "", data: data === undefined ? part : JSON.parse(data) };
}
