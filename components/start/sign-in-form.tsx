"use client";
import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";

/** A plain form: it works before, and without, any script. */
export function SignInForm({ wrongKey, next }: { wrongKey: boolean; next: string }) {
  return (
    <form method="post" action="/api/auth/sign-in" className="flex flex-col gap-4">
      <h1 className="text-xl font-semibold">Sign in</h1>
      <input type="hidden" name="next" value={next} />
      <Field
        label="API key with admin scope"
        hint="It starts with wk_. No key yet? Open the set-up link that npm start prints."
        error={wrongKey ? "This key is unknown, was revoked, or has no admin scope." : null}
      >
        {(p) => (
          <Input
            {...p}
            type="password"
            name="key"
            required
            autoComplete="current-password"
            className="font-mono"
          />
        )}
      </Field>
      <Button type="submit" variant="primary">
        Sign in
      </Button>
    </form>
  );
}
