import Link from "next/link";
import { buttonClass } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";

/** An id this workspace has no connection of: mistyped, of another workspace, or removed. */
export default function NoSuchConnection() {
  return (
    <div className="flex flex-1 flex-col items-center justify-center">
      <h1 className="sr-only">No such connection</h1>
      <Empty
        title="There is no such connection"
        action={
          <Link href="/settings/connections" className={buttonClass("primary")}>
            All connections
          </Link>
        }
      >
        The link may be mistyped, or the connection was removed.
      </Empty>
    </div>
  );
}
