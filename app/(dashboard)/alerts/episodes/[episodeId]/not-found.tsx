import Link from "next/link";
import { buttonClass } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";

export default function NoSuchEpisode() {
  return (
    <div className="flex flex-1 flex-col items-center justify-center">
      <h1 className="sr-only">No such episode</h1>
      <Empty
        title="There is no such episode"
        action={
          <Link href="/alerts" className={buttonClass("primary")}>
            All alerts
          </Link>
        }
      >
        The link may be mistyped, or it is of another workspace.
      </Empty>
    </div>
  );
}
