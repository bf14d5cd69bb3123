import { ApiError, api } from "@/lib/http/client";
import type { IngestAnswer } from "./schema";

const TRIES = 5;
const FIRST_PAUSE_MS = 1000;

/** Sends one batch of an import. Under pressure the server stores nothing of it and says so: asked again, more slowly each time. */
export async function sendImport(ndjson: string): Promise<IngestAnswer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await api<IngestAnswer>("/api/v1/ingest?source=import", { method: "POST", ndjson });
    } catch (error) {
      const busy = error instanceof ApiError && [0, 429, 503].includes(error.status);
      if (!busy || attempt === TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, FIRST_PAUSE_MS * 2 ** (attempt - 1)));
    }
  }
}
