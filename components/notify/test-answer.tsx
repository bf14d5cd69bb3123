import { CodeBlock } from "@/components/ui/code-block";
import { Mark } from "@/components/ui/mark";
import { formatDuration } from "@/lib/format";
import type { ChannelTestAnswer } from "@/lib/notify/channel-schema";

/** What a receiver said to a test. */
export function TestAnswer({ answer }: { answer: ChannelTestAnswer }) {
  const { ok, status, body, ms, error } = answer;
  const told = status === null ? "no answer" : `answered ${status}`;
  return (
    <>
      <p className="flex flex-wrap items-center gap-x-2">
        <Mark
          shape={ok ? "check" : "cross"}
          tone={ok ? "ok" : "fail"}
          word={ok ? "It was taken" : "It was not taken"}
        />
        <span className="text-ink-2">
          {told} after {formatDuration(ms)}
        </span>
      </p>
      {error ? <p className="wrap-anywhere text-fail">{error}</p> : null}
      {body === "" ? null : (
        <CodeBlock text={body} label="the receiver's answer" className="max-h-40" />
      )}
    </>
  );
}
