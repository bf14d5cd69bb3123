import { Health, readHealth } from "@/lib/http/health-store";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { version } from "@/package.json";

export const GET = route(
  { auth: "open", summary: "Whether this server can work", response: Health },
  async () => {
    const status = await readHealth();
    const how = status === "down" ? { status: 503, headers: { "retry-after": "2" } } : {};
    return Response.json({ status, version }, how);
  },
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
