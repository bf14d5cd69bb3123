import { EyeOff } from "lucide-react";
import { HIDDEN } from "@/components/shell/hidden-words";
import { OpenContent } from "@/components/shell/open-content";
import { useViewer } from "@/components/shell/viewer";
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
  const mayOpen = useViewer().breakGlass !== null;
  return (
    <div className="flex flex-1 items-center justify-center">
      <Empty title={`${what} is ${HIDDEN}`} action={mayOpen ? <OpenContent /> : null}>
        You see figures, states and failures.{" "}
        {mayOpen
          ? "Where you must, you can open content for a time, with a reason."
          : "An administrator can give you another role."}
      </Empty>
    </div>
  );
}
