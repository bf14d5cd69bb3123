import { describe, expect, test } from "vitest";
import { pinAdvice } from "@/lib/agents/pin";
import type { ComparedFigure, VerdictKind } from "@/lib/agents/schema";
import { differenceRange, differenceWords, neededWords, verdictWords } from "@/lib/agents/words";

test.each<[ComparedFigure["id"], number, string]>([
  ["failure_rate", 0.324, "+32.4 points"],
  ["failure_rate", 0.0004, "±0 points"],
  ["failure_rate", -0.01, "−1 point"],
  ["failure_rate", 0, "±0 points"],
  ["cost_per_session", 0.38, "+38 %"],
  ["turn_duration_p95", -0.5, "−50 %"],
  ["cost_per_completed_session", 14, "×15"],
])("%s of %d reads %s", (id, value, words) => expect(differenceWords(id, value)).toBe(words));

test("a range has its unit once where that is a word", () => {
  expect(differenceRange("failure_rate", { low: 0.133, high: 0.526 })).toBe(
    "+13.3 to +52.6 points",
  );
  expect(differenceRange("cost_per_session", { low: -0.05, high: 3.66 })).toBe("−5 % to +366 %");
});

const side = (version: string) => ({ version, sessions: 9, overridden: 0, is_newest: false });
const figure = (
  id: ComparedFigure["id"],
  verdict: ComparedFigure["verdict"],
  value: number,
  size = 40,
): ComparedFigure => ({
  ...{ id, verdict, needed: null },
  base: { value: 0.1, low: 0, high: 0.2, size: 40 },
  version: { value: 0.1, low: 0, high: 0.2, size },
  difference: { value, low: value, high: value },
});
const said = (
  verdict: VerdictKind,
  figures: ComparedFigure[],
  needed: ComparedFigure["needed"] = null,
) => verdictWords({ base: side("12"), version: side("13"), figures, verdict, needed });
const worse = figure("failure_rate", "worse", 0.32);
const dearer = figure("cost_per_completed_session", "worse", 0.5);
const cheaper = figure("cost_per_completed_session", "better", -0.5);

describe("the verdict in words", () => {
  test.each<[string, string]>([
    [
      said("worse", [worse, dearer]),
      "v13 is worse than v12: it fails more often (+32 points) and costs more per completed session (+50 %).",
    ],
    [
      said("mixed", [worse, cheaper]),
      "v13 is better in one thing and worse in another: it fails more often (+32 points), but costs less per completed session (−50 %) than v12.",
    ],
    [
      said("not_enough", [figure("failure_rate", "undecided", 0.1)], {
        sessions: 120,
        of: "version",
      }),
      "Not enough data yet to tell v13 from v12. At the present difference about 120 more settled sessions of v13 would decide.",
    ],
    [
      said("not_enough", [figure("failure_rate", "unknown", 0, 0)]),
      "Not enough data yet to tell v13 from v12. No session of v13 has completed or failed in this range.",
    ],
    [
      said("not_enough", [figure("failure_rate", "undecided", 0)]),
      "Not enough data yet to tell v13 from v12. The two are so close that no number of sessions in sight would decide.",
    ],
  ])("%s", (words, expected) => expect(words).toBe(expected));

  test("says how few are too few for a cost", () => {
    const few = figure("cost_per_completed_session", "unknown", 0, 12);
    expect(said("not_enough", [figure("failure_rate", "undecided", 0), few])).toContain(
      "Costs are compared from 30 settled sessions of each version on; the smaller sample has 12.",
    );
  });

  test("of both versions", () => {
    expect(neededWords({ sessions: 1, of: "both" }, "13")).toBe(
      "1 more settled session of each version",
    );
  });
});

describe("how to stay with a version", () => {
  const pin = (deployments: Array<{ id: string; name: string | null }> = []) =>
    pinAdvice({ agent: "agent_01", version: "12", worse: "13", deployments });

  test("names agent and version as the SDK takes them", () => {
    const [sdk, curl] = pin()?.calls ?? [];
    expect(sdk?.code).toContain('agent: { type: "agent", id: "agent_01", version: 12 },');
    expect(curl?.code).toContain('{"agent": {"type": "agent", "id": "agent_01", "version": 12}');
    expect(pin()?.reminder).toContain("90 days");
  });

  test("updates the deployments that name the worse one, whatever they are called", () => {
    const named = pin([{ id: "depl_1", name: "Nightly\nrm -rf /" }]);
    expect(named?.text).toContain("1 deployment would go on with v13 until updated.");
    expect(named?.calls[0]?.code.split("\n").at(-1)).toBe(
      'await client.beta.deployments.update("depl_1", { agent: { type: "agent", id: "agent_01", version: 12 } }); // Nightly rm -rf /',
    );
    expect(named?.calls[1]?.code).toContain("https://api.anthropic.com/v1/deployments/depl_1");
  });

  test("nothing of an id leaves its quotes", () => {
    const odd = pinAdvice({ agent: `a"'b`, version: "2024-01", worse: "3", deployments: [] });
    expect(odd?.calls[0]?.code).toContain('id: "a\\"\'b", version: "2024-01"');
    expect(odd?.calls[1]?.code).toContain(`"a\\"'\\''b"`);
  });
});
