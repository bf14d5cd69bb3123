"use client";
import { type ReactNode, useState } from "react";
import { PasswordProofForm, ProofForm } from "@/components/people/proof-form";
import { QrCode } from "@/components/people/qr-code";
import { CopyButton } from "@/components/ui/copy-button";
import { Field, Input } from "@/components/ui/field";
import { beginSecondFactor, confirmSecondFactor } from "@/lib/auth/queries";
import { inFours } from "@/lib/auth/second-factor";
import type { NewSecondFactor } from "@/lib/auth/second-factor-schema";

type Props = {
  email: string;
  onDone: (codes: readonly string[]) => void;
  /** A way out of it. */
  children?: ReactNode;
};

/** The password once more, the key for the app, and a first code that shows the app has it. */
export function SetUpFactor({ email, onDone, children }: Props) {
  const [made, setMade] = useState<NewSecondFactor | null>(null);
  if (made === null)
    return (
      <PasswordProofForm
        hint="Once more, so that nobody else does this in your browser."
        send={beginSecondFactor}
        onDone={setMade}
        verb="Continue"
      >
        {children}
      </PasswordProofForm>
    );
  return (
    <div className="flex max-w-88 flex-col gap-3">
      <p className="text-ink-2">
        Scan this with an authenticator app, or type the key into it; then enter the code it shows.
      </p>
      <QrCode text={made.uri} label={`QR code of the key for ${email}`} />
      <div className="flex items-end gap-1">
        <Field label="Key" className="flex-1">
          {(p) => (
            <Input
              {...p}
              readOnly
              value={inFours(made.key, " ")}
              className="font-mono text-xs"
              onFocus={(event) => event.target.select()}
            />
          )}
        </Field>
        <CopyButton text={made.key} label="Copy the key" className="mb-1" />
      </div>
      <ProofForm
        name="code"
        label="Code"
        hint="Six digits; the second factor counts from here on."
        input={{
          inputMode: "numeric",
          autoComplete: "one-time-code",
          maxLength: 10,
          className: "font-mono tracking-widest",
        }}
        send={confirmSecondFactor}
        onDone={({ backup_codes }) => onDone(backup_codes)}
        verb="Switch on"
      >
        {children}
      </ProofForm>
    </div>
  );
}
