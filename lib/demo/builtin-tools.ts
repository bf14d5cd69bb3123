import * as outputs from "@/lib/demo/outputs";
import type { Random } from "@/lib/demo/random";
import { type Facts, fill } from "@/lib/demo/text";
import { builtin, filled, type ToolSpec } from "@/lib/demo/tool";

const COMMANDS = [
  "git log --oneline -n 20 -- {path}",
  "npm test -- --filter {symbol}",
  "rg -n '{symbol}' src | head -50",
  "cat package.json | jq .dependencies",
  "curl -s http://localhost:8080/health",
  "psql -c \"select count(*) from {table} where created_at > now() - interval '{#2-30} days'\"",
  "kubectl logs deploy/{service} --since=1h | tail -200",
  "python3 scripts/reconcile.py --table {table} --since {#2-30}d",
];
const DANGEROUS = [
  "kubectl rollout restart deploy/{service} -n production",
  "terraform apply -auto-approve -target=module.{service}",
  "rm -rf /workspace/cache/{x6}",
  "psql -c 'delete from {table} where tenant is null'",
  "helm upgrade {service} ./chart --set image.tag={x7}",
];

const shell = (commands: readonly string[]) => (random: Random, facts: Facts) => ({
  command: fill(random.pick(commands), random, facts),
});
export const BUILTIN_TOOLS: readonly ToolSpec[] = [
  builtin({
    name: "bash",
    description: "Runs a command",
    latencyMs: 900,
    spread: 1.3,
    errorRate: 0.06,
    input: shell(COMMANDS),
    output: outputs.log,
    errors: [
      "bash: command exited with status 1\nAssertionError: expected 200, got 500",
      "bash: line 1: {symbol}: command not found",
      "Error: command timed out after 120000 ms",
    ],
  }),
  builtin({
    name: "read",
    description: "Reads a file",
    latencyMs: 40,
    chars: 5_200,
    errorRate: 0.02,
    input: filled({ file_path: "/workspace/{repo}/{path}" }),
    output: outputs.code,
    errors: ["File does not exist: /workspace/{repo}/{path}"],
  }),
  builtin({
    name: "grep",
    description: "Searches files",
    latencyMs: 120,
    chars: 2_400,
    errorRate: 0.01,
    input: filled({ pattern: "{symbol}", path: "/workspace/{repo}" }),
    output: outputs.grep,
  }),
  builtin({
    name: "glob",
    description: "Lists files",
    latencyMs: 60,
    chars: 700,
    errorRate: 0.01,
    input: filled({ pattern: "**/*.ts", path: "/workspace/{repo}" }),
    output: outputs.files,
  }),
  builtin({
    name: "edit",
    description: "Edits a file",
    latencyMs: 50,
    chars: 60,
    errorRate: 0.05,
    input: filled({
      file_path: "/workspace/{repo}/{path}",
      old_string: "{statement}",
      new_string: "{statement}\n{statement}",
    }),
    output: outputs.done,
    errors: [
      "old_string was not found in /workspace/{repo}/{path}",
      "old_string occurs {#2-5} times; make it unique",
    ],
  }),
  builtin({
    name: "write",
    description: "Writes a file",
    latencyMs: 45,
    chars: 60,
    errorRate: 0.01,
    input: (random, facts) => ({
      file_path: fill("/workspace/out/{table}.md", random, facts),
      content: outputs.markdownPage(random, facts, 700),
    }),
    output: outputs.done,
  }),
  builtin({
    name: "web_search",
    description: "Searches the web",
    latencyMs: 1_300,
    chars: 2_600,
    errorRate: 0.02,
    input: filled({ query: "{competitor} {metric} {region} 2026" }),
    output: outputs.markdownPage,
    errors: ["The search failed: upstream unavailable"],
  }),
  builtin({
    name: "web_fetch",
    description: "Fetches a page",
    latencyMs: 1_800,
    chars: 6_000,
    errorRate: 0.05,
    input: filled({ url: "https://news.example.com/{x6}/{#1000-9999}" }),
    output: outputs.markdownPage,
    errors: ["HTTP 403 from https://news.example.com", "HTTP 404 from https://news.example.com"],
  }),
  builtin({
    name: "bash",
    description: "Runs a command",
    input: shell([...COMMANDS, ...DANGEROUS]),
    output: outputs.log,
    latencyMs: 4_000,
    spread: 1.1,
    errorRate: 0.07,
    policy: "always_ask",
    errors: ["error: timed out waiting for the condition"],
  }),
  builtin({
    name: "bash",
    description: "Runs a command",
    input: shell([...COMMANDS, ...DANGEROUS]),
    output: outputs.log,
    latencyMs: 1_200,
    spread: 1.3,
    errorRate: 0.05,
    policy: "auto",
    errors: ["bash: command exited with status 2"],
  }),
];
