"use client";
import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";

/** Asks for a link by e-mail; where no mail can be sent, says who makes one. */
export function ForgotForm({ canMail, isSent }: { canMail: boolean; isSent: boolean }) {
  return (
    <form method="post" action="/api/auth/forgot" className="flex flex-col gap-4">
      <h1 className="text-xl font-semibold">Password forgotten</h1>
      {isSent ? (
        <Notice tone="ok">
          If somebody here has that address, a link is on its way. It works once, for an hour.
        </Notice>
      ) : null}
      {canMail ? (
        <>
          <Field label="E-mail">
            {(p) => <Input {...p} type="email" name="email" required autoComplete="username" />}
          </Field>
          <Button type="submit" variant="primary">
            Send a link
          </Button>
        </>
      ) : (
        <p className="text-ink-2">
          Watchkeeper sends no links by mail here. An administrator makes you a link for a new
          password under Settings → People; whoever runs the server gets in with{" "}
          <code className="font-mono text-ink">npm run setup-link</code>.
        </p>
      )}
      <a href="/sign-in" className="text-sm text-accent underline underline-offset-2">
        Back to the sign-in
      </a>
    </form>
  );
}
