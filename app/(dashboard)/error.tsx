"use client";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";

type Props = { error: Error & { digest?: string }; retry: () => void };

/** A page that broke: the frame stays, and it can be asked for again. */
export default function PageError({ error, retry }: Props) {
  return (
    <div role="alert" className="flex flex-1 items-center justify-center">
      <Empty
        title="This page could not be shown"
        action={
          <Button variant="primary" onClick={retry}>
            Try again
          </Button>
        }
      >
        {error.digest ? `The log has it under ${error.digest}.` : error.message}
      </Empty>
    </div>
  );
}
