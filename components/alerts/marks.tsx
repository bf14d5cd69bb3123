import { SEVERITY_LOOKS, STATUS_LOOKS } from "@/components/alerts/words";
import { Mark } from "@/components/ui/mark";
import type { Severity, Status } from "@/lib/alerts/schema";

export function SeverityMark({ severity, compact }: { severity: Severity; compact?: boolean }) {
  const { word, shape, tone } = SEVERITY_LOOKS[severity];
  return <Mark shape={shape} tone={tone} {...(compact ? { label: word } : { word })} />;
}

export function StatusMark({ status, word }: { status: Status | "low"; word?: string }) {
  const look = STATUS_LOOKS[status];
  return (
    <Mark
      shape={look.shape}
      tone={look.tone}
      word={word ?? look.word}
      pulse={status === "firing"}
    />
  );
}
