import { SECOND_US } from "@/lib/demo/calendar";
import { addText } from "@/lib/demo/context";
import type { Lane } from "@/lib/demo/lane";
import type { Run } from "@/lib/demo/run";
import type { DemoEvent } from "@/lib/demo/schema";
import { getOver } from "@/lib/demo/trouble";

export interface Message {
  text: string;
  /** Blocks beside the text. */
  extras?: readonly Extract<MessageBlock, { type: "image" | "document" | "redacted" }>[];
  systemText?: string;
}

type UserMessage = Extract<DemoEvent, { type: "user.message" }>;
type MessageBlock = UserMessage["content"][number];

/** A person's message is sent, wakes the thread and is taken in. */
export function receiveMessage(run: Run, lane: Lane, message: Message): void {
  const { random, plan } = run;
  const sentUs = lane.clockUs;
  lane.advance(random.int(150_000, 900_000));
  lane.start();
  lane.advance(random.int(30_000, 90_000));
  const early = plan.retried.some((type) => !type.startsWith("model_"));
  if (early) recover(run, lane);
  const timeless = plan.flags.has("timeless_inputs");
  lane.emit(
    {
      content: [...(message.extras ?? []), { text: message.text, type: "text" }],
      id: lane.id(),
      processed_at: "",
      type: "user.message",
    },
    { sentUs, timeless },
  );
  if (message.systemText !== undefined) {
    const block = { text: message.systemText, type: "text" } as const;
    lane.emit(
      { content: [block], id: lane.id(), processed_at: "", type: "system.message" },
      { sentUs },
    );
  }
  addText(lane.spec.context, message.text.length + 2_000 * (message.extras?.length ?? 0));
  lane.advance(random.int(20_000, 80_000));
  if (!early) recover(run, lane);
}

/** Errors of the plan happen once, at the session's first message. */
function recover(run: Run, lane: Lane): void {
  const { retried, flags } = run.plan;
  if (retried.length === 0) return;
  run.plan = { ...run.plan, retried: [] };
  const briefly = flags.has("rescheduled") ? "briefly" : "never";
  getOver(run, lane, retried, flags.has("reschedule_stuck") ? "beyond_the_end" : briefly);
}

/** A person reads the answer and thinks before writing again; sometimes the cache expires meanwhile. */
export function readAnswer(run: Run, lane: Lane): void {
  const late = run.plan.flags.has("late_follow_up");
  const us = run.random.logNormal((late ? 3_000 : 70) * SECOND_US, late ? 0.5 : 1.3);
  lane.advance(Math.max(3 * SECOND_US, us));
}

/** A message sent half a minute into a turn that does not end within the simulated time. */
export function queueMessage(run: Run, lane: Lane, message: Message): void {
  const block = { text: message.text, type: "text" } as const;
  lane.emit(
    { content: [block], id: lane.id(), processed_at: "", type: "user.message" },
    { sentUs: run.createdUs + 30 * SECOND_US },
  );
}
