import Link from "next/link";
import { buttonClass } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";

export default function NotFound() {
  return (
    <main className="flex min-h-dvh items-center justify-center">
      <Empty
        title="There is nothing at this address"
        action={
          <Link href="/" className={buttonClass("primary")}>
            Go to the overview
          </Link>
        }
      >
        The link may be mistyped, or what it led to was removed.
      </Empty>
    </main>
  );
}
