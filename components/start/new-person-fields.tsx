import { passwordError } from "@/components/start/password-words";
import { Field, Input } from "@/components/ui/field";
import { LEAST_CHARACTERS } from "@/lib/auth/passwords";

/** What somebody new is called. */
export function NameField({ name, error }: { name: string; error: string | null }) {
  return (
    <Field label="Your name" error={error === "name" ? "A name is needed." : null}>
      {(p) => (
        <Input
          {...p}
          name="name"
          required
          maxLength={100}
          defaultValue={name}
          autoComplete="name"
        />
      )}
    </Field>
  );
}

/** A password that did not exist before. */
export function NewPasswordField({ error, label }: { error: string | null; label?: string }) {
  return (
    <Field
      label={label ?? "Password"}
      hint={`At least ${LEAST_CHARACTERS} characters; several words are easier to remember than signs.`}
      error={passwordError(error)}
    >
      {(p) => (
        <Input
          {...p}
          type="password"
          name="password"
          required
          maxLength={256}
          autoComplete="new-password"
        />
      )}
    </Field>
  );
}
