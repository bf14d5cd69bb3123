import Link from "next/link";
import { buttonClass } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";

/** An id this workspace has no session of: mistyped, of another workspace, or removed here. */
export default function NoSuchSession() {
  return (
    <div className="flex flex-1 flex-col items-center justify-center">
      <h1 className="sr-only">No such session</h1>
      <Empty
        title="There is no such session here"
        action={
          <Link href="/sessions" className={buttonClass("primary")}>
            All sessions
          </Link>
        }
      >
        The link may be mistyped, belong to another workspace, or name a session that was removed or
        has not arrived yet.
      </Empty>
    </div>
  );
}
