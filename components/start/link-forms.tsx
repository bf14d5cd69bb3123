"use client";
import { NameField, NewPasswordField } from "@/components/start/new-person-fields";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { ROLE_WORDS, type Role } from "@/lib/auth/roles";

type Back = { token: string; error: string | null };

/** Somebody invited chooses a password, and is in. */
export function InvitationForm({
  token,
  error,
  email,
  role,
  name,
}: Back & { email: string; role: Role; name: string }) {
  return (
    <form method="post" action="/api/auth/invitation" className="flex flex-col gap-4">
      <h1 className="text-xl font-semibold">You are invited to Watchkeeper</h1>
      <p className="text-ink-2">
        As <span className="font-medium break-all text-ink">{email}</span>, with the role{" "}
        {ROLE_WORDS[role].name}: {ROLE_WORDS[role].may}.
      </p>
      <input type="hidden" name="token" value={token} />
      <input type="hidden" name="username" value={email} autoComplete="username" />
      <NameField name={name} error={error} />
      <NewPasswordField error={error} />
      <Button type="submit" variant="primary">
        Come in
      </Button>
    </form>
  );
}

/** A new password by a link. */
export function NewPasswordForm({ token, error, email }: Back & { email: string }) {
  return (
    <form method="post" action="/api/auth/new-password" className="flex flex-col gap-4">
      <h1 className="text-xl font-semibold">Choose a new password</h1>
      <p className="text-ink-2">
        For <span className="font-medium break-all text-ink">{email}</span>. You are signed out
        everywhere else by it.
      </p>
      <input type="hidden" name="token" value={token} />
      <input type="hidden" name="username" value={email} autoComplete="username" />
      <NewPasswordField error={error} label="New password" />
      <Button type="submit" variant="primary">
        Set the password
      </Button>
    </form>
  );
}

/** A link that was used, has ended, or never was. */
export function DeadLink() {
  return (
    <div className="flex flex-col gap-4">
      <h1 className="text-xl font-semibold">This link does not work</h1>
      <Notice tone="fail">It was used already, has ended, or was replaced by another.</Notice>
      <p className="text-ink-2">
        Ask whoever sent it for a fresh one, or{" "}
        <a href="/sign-in" className="text-accent underline">
          sign in
        </a>
        .
      </p>
    </div>
  );
}
