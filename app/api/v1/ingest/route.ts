import { z } from "zod";
import { readBody } from "@/lib/http/body";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { parseBody } from "@/lib/ingest/body";
import { recordImport } from "@/lib/ingest/import-service";
import { IngestAnswer, IngestBody, IngestItem, MAX_BYTES } from "@/lib/ingest/schema";
import { acceptItems } from "@/lib/ingest/service";
import { Source } from "@/lib/sessions/schema";

const Query = z.object({
  source: Source.optional().describe("for NDJSON, which has no place for it; default push"),
});

export const POST = route(
  {
    auth: "ingest",
    summary: "Send sessions, threads, events, agents, environments and deployments",
    query: Query,
    accepts: { "application/json": IngestBody, "application/x-ndjson": IngestItem },
    response: IngestAnswer,
  },
  async ({ request, requestId, caller, query }) => {
    const text = (await readBody(request, { maxBytes: MAX_BYTES })).toString("utf8");
    const body = parseBody(text, request.headers.get("content-type"), query.source);
    const { workspace, keyId, via } = caller;
    const sender = keyId ?? via;
    const origin = { workspace, connectionId: "", source: body.source, sender };
    const answer = await acceptItems(origin, body.items, body.rejected, new Date());
    if (via === "cookie") await recordImport(workspace, answer);
    return { ...answer, requestId };
  },
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
