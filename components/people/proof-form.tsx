"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ComponentProps, type FormEvent, type ReactNode, useState } from "react";
import { errorWords } from "@/components/shell/panel";
import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import { ApiError } from "@/lib/http/client";

type Props<T> = {
  /** What is asked for: the body's only member, and the name of its error. */
  name: "password" | "code";
  label: string;
  hint?: string;
  input: ComponentProps<typeof Input>;
  send: (text: string) => Promise<T>;
  onDone: (answer: T) => void;
  verb: string;
  variant?: ComponentProps<typeof Button>["variant"];
  /** Further buttons, beside the one that sends. */
  children?: ReactNode;
};

/** One field that shows who it is, and what that opens. */
export function ProofForm<T>({ name, label, hint, input, send, verb, ...rest }: Props<T>) {
  const [text, setText] = useState("");
  const client = useQueryClient();
  const proof = useMutation({
    mutationFn: () => send(text),
    onSuccess: (answer) => {
      rest.onDone(answer);
      return client.invalidateQueries({ queryKey: ["auth"] });
    },
  });
  const issues = proof.error instanceof ApiError ? proof.error.issues : [];
  const issue = issues.find(({ path }) => path === name)?.message ?? null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    proof.mutate();
  };
  return (
    <form onSubmit={submit} className="flex max-w-88 flex-col gap-3">
      <Field label={label} hint={hint} error={issue}>
        {(p) => (
          <Input
            {...p}
            {...input}
            required
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
      {proof.error && issue === null ? (
        <p role="alert" className="text-fail">
          {errorWords(proof.error)}
        </p>
      ) : null}
      <div className="flex gap-2">
        <Button type="submit" variant={rest.variant ?? "primary"} disabled={proof.isPending}>
          {verb}
        </Button>
        {rest.children}
      </div>
    </form>
  );
}

/** Asks for the password once more. */
export function PasswordProofForm<T>(props: Omit<Props<T>, "name" | "label" | "input">) {
  return (
    <ProofForm
      {...props}
      name="password"
      label="Your password"
      input={{ type: "password", autoComplete: "current-password" }}
    />
  );
}
