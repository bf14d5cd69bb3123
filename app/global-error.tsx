"use client";
import "@/app/globals.css";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";

/** When even the frame broke. */
export default function GlobalError({
  error,
  retry,
}: {
  error: Error & { digest?: string };
  retry: () => void;
}) {
  return (
    <html lang="en">
      <body className="bg-bg">
        <main className="flex min-h-dvh items-center justify-center">
          <Empty
            title="Watchkeeper could not show this page"
            action={
              <Button variant="primary" onClick={retry}>
                Try again
              </Button>
            }
          >
            {error.digest
              ? `The log has it under ${error.digest}.`
              : "Try again, or look at the server's log."}
          </Empty>
        </main>
      </body>
    </html>
  );
}
