import { expect, it } from "vitest";
import { toldApart } from "@/lib/metrics/distinct";

it("names that are the same have the end of their ids behind them", () => {
  const names = new Map([
    ["agent_01yeGVqaNr5De", "research"],
    ["agent_01W45qv5R3NsM", "research"],
    ["agent_01KGQc9JcLpTQ", "deploy"],
  ]);
  expect([...toldApart(names)]).toEqual([
    ["agent_01yeGVqaNr5De", "research …r5De"],
    ["agent_01W45qv5R3NsM", "research …3NsM"],
    ["agent_01KGQc9JcLpTQ", "deploy"],
  ]);
});
