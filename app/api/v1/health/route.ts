import { Health, readHealth } from "@/lib/http/health-store";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { version } from "@/package.json";

export const GET = route(
  { auth: "open", summary: "Whether this server can work", response: Health },
  async () => {
    const status = await readHealth();
    return Response.json({ status, version }, { status: status === "down" ? 503 : 200 });
  },
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
