import { expect, it } from "vitest";
import { commonSets } from "@/lib/alerts/composite";
import type { Labels, Status } from "@/lib/alerts/schema";

const alert = (status: Status, labels: Labels) => ({ status, labels });
const standing = (parts: Parameters<typeof commonSets>[0]) =>
  commonSets(parts).map(({ labels, observation }) => [labels, observation.parts]);

it("compares parts by the names all of them are grouped by, the worst of several", () => {
  const failing = {
    groupBy: ["agent", "environment"],
    alerts: [
      alert("inactive", { agent: "a", environment: "prod" }),
      alert("firing", { agent: "a", environment: "test" }),
      alert("pending", { agent: "b", environment: "prod" }),
    ],
  };
  const slow = { groupBy: ["agent"], alerts: [alert("recovering", { agent: "c" })] };
  expect(standing({ failing, slow })).toEqual([
    [{ agent: "a" }, { failing: "firing" }],
    [{ agent: "b" }, { failing: "pending" }],
    [{ agent: "c" }, { slow: "recovering" }],
  ]);
});

it("without a common name has one label set, also when there is no alert yet", () => {
  const parts = { a: { groupBy: ["agent"], alerts: [] }, b: { groupBy: [], alerts: [] } };
  expect(standing(parts)).toEqual([[{}, {}]]);
  const firing = { groupBy: ["agent"], alerts: [alert("firing", { agent: "x" })] };
  expect(standing({ ...parts, a: firing })).toEqual([[{}, { a: "firing" }]]);
});
