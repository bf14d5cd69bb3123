import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { childEnv } from "@/lib/env";

/**
 * A process of ours: a Node program that sends `ready` and ends on SIGTERM. What `told` resolves to is
 * sent to it as a message, so that it can be loading until then.
 */
export type Program = {
  name: string;
  args: string[];
  env: Record<string, string>;
  told?: Promise<object>;
};

export type Supervised = {
  /** Resolves when the program has become ready for the first time. */
  ready: Promise<void>;
  /** Resolves with the reason once the program is given up. */
  givenUp: Promise<string>;
  stop(limitMs: number): Promise<void>;
};

/** The exit code of a program that asks to be started again: no crash. */
export const BEGINS_ANEW = 75;

const CRASHES = 5;
const WITHIN_MS = 60_000;
const FIRST_PAUSE_MS = 500;

/** Keeps a program running: started again after a crash, after ever longer pauses, given up after five within a minute. */
export function supervise(program: Program, firstPauseMs = FIRST_PAUSE_MS): Supervised {
  let child = start(program);
  let stopping = false;
  let giveUp = (_reason: string) => {};
  let becomeReady = () => {};
  const ready = new Promise<void>((done) => {
    becomeReady = done;
  });
  const givenUp = new Promise<string>((done) => {
    giveUp = done;
  });
  const crashes: number[] = [];

  const watch = () => {
    const watched = child;
    watched.on("message", (message) => message === "ready" && becomeReady());
    program.told?.then(
      (message) => watched.connected && watched.send(message),
      () => {},
    );
    child.once("exit", async (code, signal) => {
      if (stopping) return;
      if (code === BEGINS_ANEW) {
        restart();
        return;
      }
      const how = signal ? `ended by ${signal}` : `exit code ${code}`;
      // Not by the wall clock: one that goes back would have them recent for as long as it takes to come again.
      const now = performance.now();
      crashes.push(now);
      const recent = crashes.filter((at) => now - at < WITHIN_MS).length;
      if (recent >= CRASHES) {
        giveUp(`The ${program.name} process crashed ${recent} times within a minute (${how})`);
        return;
      }
      process.stderr.write(`The ${program.name} process crashed (${how}); starting it again.\n`);
      await sleep(firstPauseMs * 2 ** (recent - 1));
      if (!stopping) restart();
    });
  };
  const restart = () => {
    child = start(program);
    watch();
  };
  watch();

  return {
    ready,
    givenUp,
    stop: async (limitMs) => {
      stopping = true;
      await end(child, limitMs);
    },
  };
}

function start({ args, env }: Program): ChildProcess {
  // Detached: Ctrl-C in a terminal reaches only the parent, which stops its children in order.
  return spawn(process.execPath, args, {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    env: childEnv(env),
    detached: true,
  });
}

async function end(child: ChildProcess, limitMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((done) => child.once("exit", done));
  child.kill("SIGTERM");
  await Promise.race([exited, sleep(limitMs, undefined, { ref: false })]);
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await exited;
}
