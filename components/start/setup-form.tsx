"use client";
import { NameField, NewPasswordField } from "@/components/start/new-person-fields";
import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";

export type SetupProps = {
  token: string | null;
  error: string | null;
  email: string;
  name: string;
};

/** Makes an administrator, which uses up the one-time link; without a token it says where links come from. */
export function SetupForm({ token, error, email, name }: SetupProps) {
  if (token === null || error === "link")
    return (
      <div className="flex flex-col gap-4">
        <h1 className="text-xl font-semibold">This link does not work</h1>
        <Notice tone="fail">A set-up link works once, for 24 hours.</Notice>
        <p className="text-ink-2">
          While nobody has come in yet, <code className="font-mono text-ink">npm start</code> prints
          a fresh one each time, and <code className="font-mono text-ink">npm run setup-link</code>{" "}
          always does. If somebody has come in,{" "}
          <a href="/sign-in" className="text-accent underline">
            sign in
          </a>
          .
        </p>
      </div>
    );
  return (
    <form method="post" action="/api/auth/setup" className="flex flex-col gap-4">
      <h1 className="text-xl font-semibold">Set up Watchkeeper</h1>
      <p className="text-ink-2">
        You become an administrator, and can invite others. The link works once.
      </p>
      <input type="hidden" name="token" value={token} />
      <NameField name={name} error={error} />
      <Field
        label="E-mail"
        error={error === "email" ? "This is no e-mail address, or somebody has it already." : null}
      >
        {(p) => (
          <Input
            {...p}
            type="email"
            name="email"
            required
            defaultValue={email}
            autoComplete="username"
          />
        )}
      </Field>
      <NewPasswordField error={error} />
      <Button type="submit" variant="primary">
        Continue
      </Button>
    </form>
  );
}
