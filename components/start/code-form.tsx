"use client";
import { waitWords } from "@/components/start/wait-words";
import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";

type CodeProps = {
  next: string;
  email: string;
  withBackup: boolean;
  /** `code` or `wait`, with the minutes to wait. */
  error: string | null;
  minutes: string;
};

const LINK = "text-accent underline underline-offset-2";

/** The second step of signing in: a plain form, as the first one. */
export function CodeForm({ next, email, withBackup, error, minutes }: CodeProps) {
  const other = new URLSearchParams(withBackup ? { next } : { with: "backup", next });
  return (
    <form method="post" action="/api/auth/sign-in/code" className="flex flex-col gap-4">
      <h1 className="text-xl font-semibold">
        {withBackup ? "Enter a backup code" : "Enter a code"}
      </h1>
      <p className="text-ink-2">
        To sign in as <span className="font-medium break-all text-ink">{email}</span>.
      </p>
      <input type="hidden" name="next" value={next} />
      <input type="hidden" name="with" value={withBackup ? "backup" : ""} />
      {error === "wait" ? (
        <Notice tone="wait">{waitWords("There were too many wrong codes.", minutes)}</Notice>
      ) : null}
      {withBackup ? (
        <BackupField isWrong={error === "code"} />
      ) : (
        <AppField isWrong={error === "code"} />
      )}
      <Button type="submit" variant="primary">
        Sign in
      </Button>
      <p className="flex flex-wrap justify-between gap-2 text-sm">
        <a href={`/sign-in/code?${other}`} className={LINK}>
          {withBackup ? "Use the authenticator app" : "Use a backup code"}
        </a>
        <a href="/sign-in" className={LINK}>
          Start again
        </a>
      </p>
      {withBackup ? (
        <p className="text-sm text-ink-3">
          Lost them too? An administrator can reset your second factor under Settings → People.
        </p>
      ) : null}
    </form>
  );
}

function AppField({ isWrong }: { isWrong: boolean }) {
  return (
    <Field
      label="Code"
      hint="Six digits, from your authenticator app."
      error={isWrong ? "This is not what the app shows now, or it was used already." : null}
    >
      {(p) => (
        <Input
          {...p}
          name="code"
          required
          autoFocus
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={10}
          className="font-mono tracking-widest"
        />
      )}
    </Field>
  );
}

function BackupField({ isWrong }: { isWrong: boolean }) {
  return (
    <Field
      label="Backup code"
      hint="One of those you kept when you set up the app; each works once."
      error={isWrong ? "This is none of your backup codes, or it was used already." : null}
    >
      {(p) => (
        <Input
          {...p}
          name="code"
          required
          autoFocus
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={40}
          placeholder="xxxx-xxxx-xxxx-xxxx"
          className="font-mono"
        />
      )}
    </Field>
  );
}
