import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { childEnv } from "@/lib/env";

export type Command = { child: ChildProcess; output(): string; ended: Promise<number | null> };

/** `npm run …` as an operator runs it. `ended` is its exit code, null where it was killed. */
export function runCommand(args: string[], env: Record<string, string>): Command {
  const child = spawn(process.execPath, ["lib/cli/boot.mjs", ...args], {
    env: childEnv(env),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
  const ended = once(child, "close").then(([code]) => code as number | null);
  return { child, output: () => output, ended };
}
