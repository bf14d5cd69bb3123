import Link from "next/link";
import { buttonClass } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";

/** A page that is not for the role of who opened it. */
export default function NotForYourRole() {
  return (
    <div className="flex flex-1 flex-col items-center justify-center">
      <h1 className="sr-only">Not for your role</h1>
      <Empty
        title="This page is not for your role"
        action={
          <Link href="/" className={buttonClass("primary")}>
            To the overview
          </Link>
        }
      >
        An administrator can give you another one, under Settings → People.
      </Empty>
    </div>
  );
}
