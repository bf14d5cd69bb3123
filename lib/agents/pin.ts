import { formatPlural } from "@/lib/format";
import type { Comparison } from "./schema";

/** How long the platform's customers do well to keep what they may have to go back to. */
const KEPT_DAYS = 90;

type Pinned = {
  agent: string;
  /** The version to stay with, and the one to leave. */
  version: string;
  worse: string;
  /** Deployments that run the worse one, or whatever is newest. */
  deployments: ReadonlyArray<{ id: string; name: string | null }>;
};

/** How to stay with the version before: the exact calls. Versions of old agents may be no numbers. */
export function pinAdvice({ agent, version, worse, deployments }: Pinned): Comparison["pin"] {
  const pinned = /^[0-9]+$/.test(version) ? version : JSON.stringify(version);
  const reference = `{ type: "agent", id: ${JSON.stringify(agent)}, version: ${pinned} }`;
  const json = `{"type": "agent", "id": ${JSON.stringify(agent)}, "version": ${pinned}}`;
  const deployed =
    deployments.length === 0
      ? ""
      : ` ${formatPlural(deployments.length, "deployment")} would go on with v${worse} until updated.`;
  return {
    text: `Start new sessions with v${version} by naming the version: an agent's id alone means the newest.${deployed}`,
    calls: [
      { title: "TypeScript SDK", language: "ts", code: typescript(reference, deployments) },
      { title: "curl", language: "sh", code: curl(json, deployments) },
    ],
    reminder: `Keep v${worse} and every other retired version for ${KEPT_DAYS} days before archiving the agent: sessions that ran them can only be explained, and gone back to, while they are there.`,
  };
}

type Deployments = Pinned["deployments"];

/** Names stand in comments: nothing in them may end the line. */
const comment = (name: string | null) => (name ? ` // ${name.replace(/\s+/g, " ")}` : "");

function typescript(reference: string, deployments: Deployments): string {
  return [
    "await client.beta.sessions.create({",
    `  agent: ${reference},`,
    "  environment_id: environmentId,",
    "});",
    ...deployments.map(({ id, name }) => {
      const call = "await client.beta.deployments.update";
      return `${call}(${JSON.stringify(id)}, { agent: ${reference} });${comment(name)}`;
    }),
  ].join("\n");
}

function curl(json: string, deployments: Deployments): string {
  const call = (path: string, body: string) =>
    [
      `curl https://api.anthropic.com/v1/${path} \\`,
      '  -H "x-api-key: $ANTHROPIC_API_KEY" \\',
      '  -H "anthropic-version: 2026-10-21" \\',
      '  -H "anthropic-beta: managed-agents-2026-04-01" \\',
      '  -H "content-type: application/json" \\',
      `  -d '${body.replaceAll("'", "'\\''")}'`,
    ].join("\n");
  return [
    call("sessions", `{"agent": ${json}, "environment_id": "ENVIRONMENT_ID"}`),
    ...deployments.map(({ id }) =>
      call(`deployments/${encodeURIComponent(id)}`, `{"agent": ${json}}`),
    ),
  ].join("\n\n");
}
