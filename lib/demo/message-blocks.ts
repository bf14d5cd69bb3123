import type { Message } from "@/lib/demo/messages";
import type { Run } from "@/lib/demo/run";
import { fill } from "@/lib/demo/text";

/** A 1 × 1 transparent PNG. */
const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

/** The text of a turn's message, and now and then a picture, a document or a redacted block with it. */
export function messageOf(run: Run, turn: number): Message {
  const { random, topic, facts, plan } = run;
  const text = fill(random.pick(turn === 0 ? topic.prompts : topic.followUps), random, facts);
  const message: Message = { text };
  if (plan.flags.has("system_message") && turn === 1) {
    message.systemText = "From here on answer in English and name amounts in EUR.";
  }
  if (turn > 0) return message;
  const extras = [];
  if (plan.flags.has("image")) {
    extras.push({
      source: random.chance(0.5)
        ? ({ data: PIXEL, media_type: "image/png", type: "base64" } as const)
        : ({ file_id: run.ids.id("file"), type: "file" } as const),
      type: "image" as const,
    });
  }
  if (plan.flags.has("document")) {
    extras.push({
      source: random.chance(0.5)
        ? ({
            data: `Order ${facts.order}\n${facts.customer}\n3 × desk, 2 × lamp\nTotal 1,482.00 EUR`,
            media_type: "text/plain",
            type: "text",
          } as const)
        : ({ file_id: run.ids.id("file"), type: "file" } as const),
      title: `${facts.order}.txt`,
      type: "document" as const,
    });
  }
  if (plan.flags.has("redacted")) extras.push({ type: "redacted" as const });
  return { ...message, extras };
}
