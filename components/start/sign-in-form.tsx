"use client";
import { oidcWords } from "@/components/start/oidc-words";
import { waitWords } from "@/components/start/wait-words";
import { Button, buttonClass } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";

export type SignInProps = {
  next: string;
  email: string;
  withKey: boolean;
  /** What the provider is called that lets in too; null where there is none. */
  provider: string | null;
  /** `oidc_` and a refusal, `password`, `key`, `over`, or `wait` with the minutes to wait. */
  error: string | null;
  minutes: string;
};

const LINK = "text-accent underline underline-offset-2";

/** Plain forms: they work before, and without, any script. */
export function SignInForm({ next, email, withKey, provider, error, minutes }: SignInProps) {
  const other = new URLSearchParams(withKey ? { next } : { with: "key", next });
  return (
    <form method="post" action="/api/auth/sign-in" className="flex flex-col gap-4">
      <h1 className="text-xl font-semibold">Sign in</h1>
      <input type="hidden" name="next" value={next} />
      {provider === null ? null : <ByProvider name={provider} next={next} error={error} />}
      {error === "wait" ? (
        <Notice tone="wait">{waitWords("There were too many attempts.", minutes)}</Notice>
      ) : null}
      {error === "over" ? (
        <Notice tone="wait">The code came too late. Sign in again.</Notice>
      ) : null}
      {withKey ? (
        <KeyField isWrong={error === "key"} />
      ) : (
        <PersonFields email={email} isWrong={error === "password"} />
      )}
      <Button type="submit" variant="primary">
        Sign in
      </Button>
      <p className="flex flex-wrap justify-between gap-2 text-sm">
        <a href={`/sign-in?${other}`} className={LINK}>
          {withKey ? "Sign in with e-mail and password" : "Sign in with an API key"}
        </a>
        {withKey ? null : (
          <a href="/forgot" className={LINK}>
            Password forgotten?
          </a>
        )}
      </p>
    </form>
  );
}

function PersonFields({ email, isWrong }: { email: string; isWrong: boolean }) {
  return (
    <>
      <Field label="E-mail">
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
      <Field label="Password" error={isWrong ? "Address or password is not right." : null}>
        {(p) => (
          <Input {...p} type="password" name="password" required autoComplete="current-password" />
        )}
      </Field>
    </>
  );
}

function KeyField({ isWrong }: { isWrong: boolean }) {
  return (
    <Field
      label="API key with admin scope"
      hint="It starts with wk_. The session ends when the key does."
      error={isWrong ? "This key is unknown, was revoked, or has no admin scope." : null}
    >
      {(p) => (
        <Input
          {...p}
          type="password"
          name="key"
          required
          autoComplete="off"
          className="font-mono"
        />
      )}
    </Field>
  );
}

/** The way to a provider is a link: what a form leads to may be no other site. */
function ByProvider({ name, next, error }: { name: string; next: string; error: string | null }) {
  const words = oidcWords(error);
  return (
    <>
      {words ? <Notice tone="fail">{words}</Notice> : null}
      <a href={`/api/auth/oidc?${new URLSearchParams({ next })}`} className={buttonClass()}>
        Sign in with {name}
      </a>
      <p className="flex items-center gap-3 text-sm text-ink-3">
        <span aria-hidden className="h-px flex-1 bg-line" />
        or
        <span aria-hidden className="h-px flex-1 bg-line" />
      </p>
    </>
  );
}
