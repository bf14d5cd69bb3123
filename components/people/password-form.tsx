"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { errorWords } from "@/components/shell/panel";
import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import { Mark } from "@/components/ui/mark";
import { LEAST_CHARACTERS } from "@/lib/auth/passwords";
import { changePassword } from "@/lib/auth/queries";
import { ApiError } from "@/lib/http/client";

const EMPTY = { current: "", password: "" };

export function PasswordForm({ email }: { email: string }) {
  const [draft, setDraft] = useState(EMPTY);
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: changePassword,
    onSuccess: () => {
      setDraft(EMPTY);
      return client.invalidateQueries({ queryKey: ["auth"] });
    },
  });
  const set = (name: keyof typeof EMPTY) => (event: { target: { value: string } }) =>
    setDraft({ ...draft, [name]: event.target.value });
  const issues = change.error instanceof ApiError ? change.error.issues : [];
  const issueOf = (path: string) => issues.find((issue) => issue.path === path)?.message ?? null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate(draft);
  };
  return (
    <form onSubmit={submit} className="flex max-w-88 flex-col gap-3">
      <input type="hidden" name="username" value={email} autoComplete="username" />
      <Field label="Current password" error={issueOf("current")}>
        {(p) => (
          <Input
            {...p}
            type="password"
            required
            autoComplete="current-password"
            value={draft.current}
            onChange={set("current")}
          />
        )}
      </Field>
      <Field
        label="New password"
        hint={`At least ${LEAST_CHARACTERS} characters.`}
        error={issueOf("password")}
      >
        {(p) => (
          <Input
            {...p}
            type="password"
            required
            maxLength={256}
            autoComplete="new-password"
            value={draft.password}
            onChange={set("password")}
          />
        )}
      </Field>
      {change.error && issues.length === 0 ? (
        <p role="alert" className="text-fail">
          {errorWords(change.error)}
        </p>
      ) : null}
      <div className="flex items-center gap-3">
        <Button type="submit" disabled={change.isPending}>
          Change password
        </Button>
        <span role="status">
          {change.isSuccess ? <Mark shape="check" tone="ok" word="Changed" /> : null}
        </span>
      </div>
    </form>
  );
}
