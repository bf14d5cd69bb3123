import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import type { PlatformOptions } from "./shapes";

export type PlatformProcess = {
  url: string;
  apiKey: string;
  adminKey: string;
  workspaceId: string;
  organizationId: string;
  pid: number;
  /** One of the commands of control.ts; throws with its message when it fails. */
  control<T = unknown>(command: string, body?: object): Promise<T>;
  stop(): Promise<void>;
};

/** The platform as a process of its own, so that a bench does not share its event loop. */
export async function startPlatformProcess(
  options: PlatformOptions = {},
): Promise<PlatformProcess> {
  const main = join(import.meta.dirname, "main.ts");
  const child = spawn(process.execPath, ["--import", "tsx", main, JSON.stringify(options)], {
    cwd: join(import.meta.dirname, "../../.."),
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  const exited = once(child, "exit");
  const line = await Promise.race([
    once(createInterface({ input: child.stdout ?? Readable.from([]) }), "line").then(([text]) =>
      String(text),
    ),
    exited.then(([code]) => Promise.reject(new Error(`The platform ended with ${code}.`))),
  ]);
  const said = JSON.parse(line) as Omit<PlatformProcess, "control" | "stop">;
  return {
    ...said,
    control: async <T>(command: string, body: object = {}) => {
      const answer = await fetch(`${said.url}/_control/${command}`, {
        method: "POST",
        body: JSON.stringify(body),
      });
      const value = (await answer.json()) as T & { message?: string };
      if (!answer.ok) throw new Error(`${command}: ${value.message}`);
      return value;
    },
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
      await exited;
    },
  };
}
