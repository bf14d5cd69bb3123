"use client";
import { useMay } from "@/components/shell/viewer";
import { ConnectPanel } from "@/components/start/connect-panel";
import { DemoPanel } from "@/components/start/demo-panel";
import { ImportPanel } from "@/components/start/import-panel";
import { SendPanel } from "@/components/start/send-panel";
import { Empty } from "@/components/ui/empty";

/** The ways in. `first`: there is nothing here yet, and this is what a newcomer sees. */
export function StartView({ first }: { first: boolean }) {
  if (!useMay("admin"))
    return (
      <div className="flex flex-1 flex-col items-center justify-center">
        <h1 className="sr-only">Nothing to watch yet</h1>
        <Empty title="Nothing to watch yet">
          An administrator brings sessions in; what they did and cost is here then.
        </Empty>
      </div>
    );
  return (
    <div className="mx-auto flex w-full max-w-5xl flex-col gap-4 p-3 py-6 lg:p-4 lg:py-8">
      <header className="flex flex-col gap-1">
        <h1 className="text-xl font-semibold">
          {first ? "Nothing to watch yet" : "Send and import data"}
        </h1>
        <p className="max-w-2xl text-ink-2">
          {first
            ? "Bring in sessions by one of these ways. Each leads to the same place: what a session did, why it ended as it did, and what it cost."
            : "Everything that comes in, by whichever way, is treated alike: the same event twice is stored once."}
        </p>
      </header>
      <SendPanel />
      <ImportPanel />
      <div className="grid grid-cols-1 gap-4 lg:grid-cols-2">
        <DemoPanel />
        <ConnectPanel />
      </div>
    </div>
  );
}
