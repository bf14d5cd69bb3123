"use client";
import { type ReactNode, useState } from "react";
import { BackupCodes } from "@/components/people/backup-codes";
import { PasswordProofForm } from "@/components/people/proof-form";
import { SetUpFactor } from "@/components/people/set-up-factor";
import { Panel } from "@/components/shell/panel";
import { Time } from "@/components/shell/time";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Mark } from "@/components/ui/mark";
import { endSecondFactor, renewBackupCodes } from "@/lib/auth/queries";
import type { SecondFactorState } from "@/lib/auth/second-factor-schema";
import { formatPlural } from "@/lib/format";

type Props = { email: string; state: SecondFactorState };

/** A code from an app beside the password: switched on, off, and its backup codes. */
export function SecondFactorPanel({ email, state }: Props) {
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  return (
    <Panel title="Second factor" hint="a code from an app beside the password">
      {codes ? (
        <BackupCodes codes={codes} email={email}>
          <Button onClick={() => setCodes(null)}>Done</Button>
        </BackupCodes>
      ) : state.since === null ? (
        <Off email={email} isRequired={state.required} onCodes={setCodes} />
      ) : (
        <On since={state.since} state={state} onCodes={setCodes} />
      )}
    </Panel>
  );
}

type OnCodes = { onCodes: (codes: readonly string[]) => void };

function Off({ email, isRequired, onCodes }: { email: string; isRequired: boolean } & OnCodes) {
  const [isOpen, setIsOpen] = useState(false);
  if (isOpen)
    return (
      <SetUpFactor email={email} onDone={onCodes}>
        <Button onClick={() => setIsOpen(false)}>Cancel</Button>
      </SetUpFactor>
    );
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <Mark shape="ring" tone="quiet" word="Off" />
      <p className="min-w-0 flex-1 basis-60 text-ink-2">
        {isRequired
          ? "It is required of your role."
          : "Whoever learns your password can sign in as you."}
      </p>
      <Button onClick={() => setIsOpen(true)}>Set up</Button>
    </div>
  );
}

function On({ since, state, onCodes }: { since: string; state: SecondFactorState } & OnCodes) {
  const [asked, setAsked] = useState<"codes" | "off" | null>(null);
  const close = () => setAsked(null);
  const few = state.backup_codes < 3;
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <Mark shape="check" tone="ok" word="On" />
      <p className="min-w-0 flex-1 basis-60 text-ink-2">
        since <Time at={since} /> ·{" "}
        <span className={few ? "text-fail" : undefined}>
          {formatPlural(state.backup_codes, "backup code")} left
        </span>
      </p>
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => setAsked("codes")}>New backup codes</Button>
        <Button variant="danger" onClick={() => setAsked("off")}>
          Switch off
        </Button>
      </div>
      {asked === "codes" ? (
        <Ask
          title="New backup codes"
          about="Those you have are good for nothing then."
          {...{ close }}
        >
          <PasswordProofForm
            send={renewBackupCodes}
            onDone={({ backup_codes }) => onCodes(backup_codes)}
            verb="Make them"
          />
        </Ask>
      ) : null}
      {asked === "off" ? (
        <Ask
          title="Switch the second factor off?"
          about={
            state.required
              ? "It is required of your role: you are led to set it up again at once, as with a new phone."
              : "The password alone lets in from then on."
          }
          {...{ close }}
        >
          <PasswordProofForm
            send={endSecondFactor}
            onDone={close}
            verb="Switch off"
            variant="danger"
          />
        </Ask>
      ) : null}
    </div>
  );
}

type AskProps = { title: string; about: string; close: () => void; children: ReactNode };

function Ask({ title, about, close, children }: AskProps) {
  return (
    <Dialog open onOpenChange={(open) => (open ? null : close())} title={title} description={about}>
      {children}
    </Dialog>
  );
}
