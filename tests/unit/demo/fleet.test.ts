import { beforeAll, describe, expect, it } from "vitest";
import type { DemoSession } from "@/lib/demo/schema";
import { simulateFleet } from "@/lib/demo/simulate";
import { orderFaults, referenceFaults } from "@/tests/unit/demo/list-checks";
import { statusFaults } from "@/tests/unit/demo/status-checks";
import { usageFaults } from "@/tests/unit/demo/usage-checks";

const NOW_US = Date.UTC(2026, 10, 20, 15, 20) * 1_000;

describe("the lists of 2,000 simulated sessions", () => {
  const faults = {
    order: [] as string[],
    references: [] as string[],
    usage: [] as string[],
    status: [] as string[],
    fleet: [] as string[],
  };
  let sessions = 0;

  beforeAll(() => {
    let previous = "";
    const introduced = new Set<string>();
    const ids = new Set<string>();
    for (const demo of simulateFleet({ seed: "lists", days: 30, sessions: 2_000, nowUs: NOW_US })) {
      sessions += 1;
      faults.order.push(...orderFaults(demo, NOW_US));
      faults.references.push(...referenceFaults(demo));
      faults.usage.push(...usageFaults(demo, NOW_US));
      faults.status.push(...statusFaults(demo, NOW_US));
      if (demo.session.created_at < previous) faults.fleet.push(`${demo.session.id} out of order`);
      previous = demo.session.created_at;
      if (ids.has(demo.session.id)) faults.fleet.push(`${demo.session.id} twice`);
      ids.add(demo.session.id);
      faults.fleet.push(...fleetFaults(demo, introduced));
    }
  }, 120_000);

  it("come in the order of their creation, each naming only what was introduced", () => {
    expect(sessions).toBe(2_000);
    expect(faults.fleet).toEqual([]);
  });

  it("are strictly ordered, with unique ids, and end before now", () => {
    expect(faults.order).toEqual([]);
  });

  it("resolve every reference", () => {
    expect(faults.references).toEqual([]);
  });

  it("add up to every usage snapshot and every list cost", () => {
    expect(faults.usage).toEqual([]);
  });

  it("agree with the session's and the threads' status", () => {
    expect(faults.status).toEqual([]);
  });
});

function fleetFaults(demo: DemoSession, introduced: Set<string>): string[] {
  const { session } = demo;
  for (const agent of demo.agents ?? []) introduced.add(`${agent.id}@${agent.version}`);
  for (const object of [...(demo.environments ?? []), ...(demo.deployments ?? [])]) {
    introduced.add(object.id);
  }
  const named = [`${session.agent.id}@${session.agent.version}`, session.environment_id];
  if (typeof session.deployment_id === "string") named.push(session.deployment_id);
  const faults = named
    .filter((name) => !introduced.has(name))
    .map((name) => `${session.id} names ${name}, which nobody introduced`);
  if (session.metadata.demo !== "true") faults.push(`${session.id} is not marked as demo`);
  if (session.metadata.tenant === undefined) faults.push(`${session.id} has no tenant`);
  return faults;
}
