import { EyeOff } from "lucide-react";
import { HIDDEN } from "@/components/shell/hidden-words";
import { Empty } from "@/components/ui/empty";

/** In the place of a text that is not told to the viewer's role. */
export function Hidden({ what }: { what?: string }) {
  return (
    <span className="inline-flex items-center gap-1 text-ink-3">
      <EyeOff size={12} aria-hidden />
      {what ? `${what} ` : null}
      {HIDDEN}
    </span>
  );
}

/** In the place of a whole part of a page. */
export function HiddenContent({ what }: { what: string }) {
  return (
    <div className="flex flex-1 items-center justify-center">
      <Empty title={`${what} is ${HIDDEN}`}>
        You see figures, states and failures. An administrator can give you another role.
      </Empty>
    </div>
  );
}
