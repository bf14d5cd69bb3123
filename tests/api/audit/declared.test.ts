import { expect, it } from "vitest";
import { ROUTES } from "@/app/api/v1/openapi.json/operations";
import { ActionName } from "@/lib/audit/schema";
import type { RouteHandler } from "@/lib/http/route";

/** What changes nothing that people set up, or is told of elsewhere. */
const NOT_RECORDED: Record<string, string> = {
  "POST /api/v1/ingest": "data from programs, kept itself; imports by a person are recorded",
  "POST /api/v1/heartbeats/{name}": "a sign of life from a program; its last one is kept",
  "POST /api/v1/account/second-factor": "counts for nothing until a code confirms it",
  "POST /api/v1/connections/test": "asks the platform and stores nothing",
  "POST /api/v1/connections/{id}/test": "asks the platform and stores nothing",
  "POST /api/v1/silences/preview": "reads only",
  "POST /api/v1/routes/preview": "reads only",
  "POST /api/v1/rules/preview": "reads only",
  "POST /api/v1/rules/backtest": "reads only",
  "POST /api/v1/rules/thresholds": "reads only",
  "POST /api/v1/masking/test": "keeps nothing of what it is given",
  "POST /api/v1/erasures/preview": "reads only",
};

const operations = ROUTES.flatMap(([path, handlers]) =>
  ["GET", "POST", "PUT", "PATCH", "DELETE"].flatMap((method) => {
    const handler = handlers[method] as (RouteHandler & { refuses?: true }) | undefined;
    return handler && !handler.refuses ? [{ name: `${method} ${path}`, spec: handler.spec }] : [];
  }),
);

it("names an action for every change the API can make, and for every file it hands out", () => {
  const silent = operations.filter(
    ({ name, spec }) =>
      spec.audit === undefined && (!name.startsWith("GET ") || name.endsWith("/export")),
  );
  expect(silent.map(({ name }) => name).sort()).toEqual(Object.keys(NOT_RECORDED).sort());
  expect(operations.length).toBeGreaterThan(100);
});

it("knows every action that is named", () => {
  for (const { name, spec } of operations)
    if (spec.audit) expect([name, ActionName.safeParse(spec.audit).success]).toEqual([name, true]);
});
