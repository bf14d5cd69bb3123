import { z } from "zod";
import { FIRST_WORKSPACE } from "@/lib/auth/schema";
import { connectionFamilies } from "@/lib/connections/gauges";
import { listItems } from "@/lib/connections/service";
import { env } from "@/lib/env";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { maskedFamily } from "@/lib/masking/counters";
import { listMasked } from "@/lib/masking/store";
import { CONTENT_TYPES, formatFor } from "@/lib/metrics/exposition";
import { readExposition } from "@/lib/metrics/exposition-service";

const described = {
  summary: "Everything for Prometheus",
  produces: { "text/plain": z.string(), "application/openmetrics-text": z.string() },
} as const;

async function answer(request: Request, workspace: string): Promise<Response> {
  const format = formatFor(request.headers.get("accept"));
  const connections = connectionFamilies((await listItems(workspace)).data);
  const more = [...connections, maskedFamily(await listMasked(workspace))];
  return new Response(await readExposition(workspace, format, { more }), {
    headers: { "content-type": CONTENT_TYPES[format] },
  });
}

const forKeys = route({ ...described, auth: "figures" }, ({ request, caller }) =>
  answer(request, caller.workspace),
);
const forAll = route({ ...described, auth: "open" }, ({ request }) =>
  answer(request, FIRST_WORKSPACE),
);

export const GET = (request: Request) =>
  (env.WATCHKEEPER_METRICS_PUBLIC ? forAll : forKeys)(request);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
