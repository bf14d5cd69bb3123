import Link from "next/link";
import { buttonClass } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";

/** An id that no list and no session of this workspace names. */
export default function NoSuchAgent() {
  return (
    <div className="flex flex-1 flex-col items-center justify-center">
      <h1 className="sr-only">No such agent</h1>
      <Empty
        title="There is no such agent"
        action={
          <Link href="/agents" className={buttonClass("primary")}>
            All agents
          </Link>
        }
      >
        The link may be mistyped, or no session of the agent has come here yet.
      </Empty>
    </div>
  );
}
