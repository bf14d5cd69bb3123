import Link from "next/link";
import { buttonClass } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";

export default function NoSuchRule() {
  return (
    <div className="flex flex-1 flex-col items-center justify-center">
      <h1 className="sr-only">No such rule</h1>
      <Empty
        title="There is no such rule"
        action={
          <Link href="/alerts/rules" className={buttonClass("primary")}>
            All rules
          </Link>
        }
      >
        The link may be mistyped, or somebody has deleted the rule. Its episodes are still among the
        alerts.
      </Empty>
    </div>
  );
}
