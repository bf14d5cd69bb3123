import { z } from "zod";
import { openApiDocument } from "@/lib/http/openapi";
import { otherMethods } from "@/lib/http/other-methods";
import { type RouteHandler, route } from "@/lib/http/route";
import { version } from "@/package.json";
import { ROUTES } from "./operations";

let text: string | undefined;

export const GET: RouteHandler = route(
  { auth: "read", summary: "This document", response: z.record(z.string(), z.unknown()) },
  () => {
    text ??= JSON.stringify(
      openApiDocument([...ROUTES, ["/api/v1/openapi.json", { GET }]], version),
    );
    return new Response(text, { headers: { "content-type": "application/json; charset=utf-8" } });
  },
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
