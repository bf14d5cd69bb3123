"use client";
import { useState } from "react";
import { BackupCodes } from "@/components/people/backup-codes";
import { SetUpFactor } from "@/components/people/set-up-factor";
import { Button, buttonClass } from "@/components/ui/button";

/** Whoever must have a second factor sets it up here before they come any further. */
export function RequiredFactor({ next, email }: { next: string; email: string }) {
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  return (
    <div className="flex flex-col gap-4">
      <h1 className="text-xl font-semibold">
        {codes ? "Keep your backup codes" : "Set up a second factor"}
      </h1>
      {codes ? (
        <BackupCodes codes={codes} email={email}>
          <a href={next} className={buttonClass("primary")}>
            Go on
          </a>
        </BackupCodes>
      ) : (
        <>
          <p className="text-ink-2">
            Your administrator requires one: when you sign in, Watchkeeper asks for a code from an
            app on your phone beside the password.
          </p>
          <SetUpFactor email={email} onDone={setCodes} />
          <form method="post" action="/api/auth/sign-out">
            <Button type="submit" variant="ghost" className="-ml-2.5">
              Sign out
            </Button>
          </form>
        </>
      )}
    </div>
  );
}
